tidemark_test(mirror_git_remote
  SOURCES test_remote_access.cpp test_remote_fetch.cpp test_remote_http.cpp test_remote_mirror.cpp test_remote_push.cpp
    test_remote_secrets.cpp test_remote_ssh.cpp test_remote_text.cpp test_signer.cpp
  LIBRARIES mirror_git_remote mirror_git_objects test_support)
