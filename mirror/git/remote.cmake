tidemark_library(mirror_git_remote
  SOURCES access.cpp leftover_processes.cpp remote.cpp remote_environment.cpp remote_mirror.cpp remote_push.cpp
          remote_text.cpp signer.cpp
  LIBRARIES mirror_git_id mirror_base fmt::fmt OpenSSL::Crypto)
