# What `cmake --install` copies, and the two Debian packages that `cpack` makes of it: component `tidemark` is the
# service and the command line, component `hook` the guard alone, for Git hosts that want nothing else.
install(TARGETS tidemark DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT tidemark)
install(TARGETS tidemark-engine DESTINATION ${TIDEMARK_ENGINE_FOLDER} COMPONENT tidemark)
install(TARGETS tidemark-hook DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT hook)

install(DIRECTORY ${TIDEMARK_DOCUMENTS}/man/ DESTINATION ${CMAKE_INSTALL_MANDIR} COMPONENT tidemark
  PATTERN tidemark-hook.1.gz EXCLUDE)
install(FILES ${TIDEMARK_DOCUMENTS}/man/man1/tidemark-hook.1.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT hook)
install(FILES ${TIDEMARK_DOCUMENTS}/completions/tidemark
  DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions COMPONENT tidemark)
install(FILES ${TIDEMARK_DOCUMENTS}/completions/tidemark.fish
  DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d COMPONENT tidemark)

foreach(part tidemark=tidemark hook=tidemark-hook)
  string(REPLACE "=" ";" part ${part})
  list(GET part 0 component)
  list(GET part 1 name)
  install(FILES ${PROJECT_SOURCE_DIR}/packaging/copyright ${TIDEMARK_DOCUMENTS}/changelog.gz
    ${PROJECT_SOURCE_DIR}/README.md
    DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${name} COMPONENT ${component})
  install(FILES ${PROJECT_SOURCE_DIR}/packaging/${component}/lintian
    DESTINATION ${CMAKE_INSTALL_DATADIR}/lintian/overrides RENAME ${name} COMPONENT ${component})
endforeach()
if(EXISTS ${PROJECT_SOURCE_DIR}/docs)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/docs/ DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/tidemark/examples
    COMPONENT tidemark PATTERN *.png EXCLUDE)
endif()

# What depends on the prefix, which is only known when it is installed.
install(CODE "
  set(source ${PROJECT_SOURCE_DIR})
  set(draft ${PROJECT_BINARY_DIR}/install)
  set(documents ${TIDEMARK_DOCUMENTS})
  set(programs ${CMAKE_INSTALL_BINDIR})" COMPONENT tidemark)
install(SCRIPT ${CMAKE_CURRENT_LIST_DIR}/install_for_prefix.cmake COMPONENT tidemark)

include(${CMAKE_CURRENT_LIST_DIR}/package.cmake)
