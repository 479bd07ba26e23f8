# Run by `cmake --install`. What of systemd's files names the program gets its path below the prefix; the
# configuration goes where the program looks for it, /etc, unless the prefix is somebody's own folder, and never over one
# that is there.
set(system_prefix FALSE)
if(CMAKE_INSTALL_PREFIX MATCHES "^/usr(/local)?/?$")
  set(system_prefix TRUE)
endif()

foreach(unit tidemark.service tidemark-hooks-verify.service tidemark-hooks-verify.timer)
  file(READ ${source}/systemd/${unit} text)
  string(REPLACE "/usr/bin/" "${CMAKE_INSTALL_PREFIX}/${programs}/" text "${text}")
  file(WRITE ${draft}/${unit} "${text}")
  file(INSTALL ${draft}/${unit} DESTINATION ${CMAKE_INSTALL_PREFIX}/lib/systemd/system)
endforeach()
file(INSTALL ${source}/systemd/tidemark.sysusers DESTINATION ${CMAKE_INSTALL_PREFIX}/lib/sysusers.d
  RENAME tidemark.conf)
file(INSTALL ${source}/systemd/tidemark.tmpfiles DESTINATION ${CMAKE_INSTALL_PREFIX}/lib/tmpfiles.d
  RENAME tidemark.conf)

# Debian's zsh looks for completions of packages in a folder of its own.
if(CMAKE_INSTALL_PREFIX MATCHES "^/usr/?$")
  set(zsh ${CMAKE_INSTALL_PREFIX}/share/zsh/vendor-completions)
else()
  set(zsh ${CMAKE_INSTALL_PREFIX}/share/zsh/site-functions)
endif()
file(INSTALL ${documents}/completions/_tidemark DESTINATION ${zsh})

if(system_prefix)
  set(configuration /etc/tidemark)
else()
  set(configuration ${CMAKE_INSTALL_PREFIX}/etc/tidemark)
endif()
if(EXISTS $ENV{DESTDIR}${configuration}/tidemark.yaml)
  message(STATUS "Left as it is: $ENV{DESTDIR}${configuration}/tidemark.yaml")
else()
  file(INSTALL ${source}/systemd/tidemark.yaml DESTINATION ${configuration})
endif()
