# Where an installation has what: `tidemark` and `tidemark-hook` among the programs that people call, the engine, which
# nobody calls by its name, apart. Both find each other by the way from one folder to the other, so that an installation
# may lie anywhere.
include(GNUInstallDirs)
set(TIDEMARK_ENGINE_FOLDER ${CMAKE_INSTALL_LIBEXECDIR}/tidemark)
file(RELATIVE_PATH TIDEMARK_ENGINE_FROM_PROGRAMS
  ${CMAKE_INSTALL_FULL_BINDIR} ${CMAKE_INSTALL_FULL_LIBEXECDIR}/tidemark)
file(RELATIVE_PATH TIDEMARK_PROGRAMS_FROM_ENGINE
  ${CMAKE_INSTALL_FULL_LIBEXECDIR}/tidemark ${CMAKE_INSTALL_FULL_BINDIR})
# Manual pages and completions, as mirror/documents.cpp writes them.
set(TIDEMARK_DOCUMENTS ${PROJECT_BINARY_DIR}/documents)
