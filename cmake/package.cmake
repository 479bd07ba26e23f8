# Debian packages: `cpack --config build/release/CPackConfig.cmake` writes tidemark_*.deb and tidemark-hook_*.deb.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME tidemark)
set(CPACK_PACKAGE_VENDOR "The Tidemark authors")
set(TIDEMARK_MAINTAINER "The Tidemark authors <tidemark@localhost>" CACHE STRING
  "Who answers for the Debian packages: NAME <ADDRESS>")
set(CPACK_PACKAGE_CONTACT ${TIDEMARK_MAINTAINER})
set(CPACK_COMPONENTS_ALL tidemark hook)
set(CPACK_COMPONENTS_GROUPING IGNORE)  # a package for each component
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_SET_DESTDIR ON)  # /etc is outside the prefix
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
# What is packed is what was built: packing does not build the tests.
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION vcs)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

set(packaging ${PROJECT_SOURCE_DIR}/packaging)
set(CPACK_DEBIAN_TIDEMARK_PACKAGE_NAME tidemark)
set(CPACK_COMPONENT_TIDEMARK_DESCRIPTION
"keep image tags in Git manifests current
Reads the image automation objects of Flux, polls container registries, and
rewrites only the values that carry a marker; then it commits, pushes with a
lease, and reads back what the remote has. Needs no Kubernetes cluster.
.
This package has the service, its command line and the installer of hooks.")
# Libraries that are linked are found by dpkg-shlibdeps. libcurl is loaded when it is needed; git fetches and pushes.
set(CPACK_DEBIAN_TIDEMARK_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_TIDEMARK_PACKAGE_DEPENDS
  "libcurl4, git, ca-certificates, systemd | systemd-standalone-sysusers, systemd | systemd-standalone-tmpfiles")
set(CPACK_DEBIAN_TIDEMARK_PACKAGE_RECOMMENDS "openssh-client, tidemark-hook")
set(CPACK_DEBIAN_TIDEMARK_PACKAGE_SUGGESTS "gnupg")
set(CPACK_DEBIAN_TIDEMARK_PACKAGE_CONTROL_EXTRA
  "${packaging}/tidemark/conffiles;${packaging}/tidemark/postinst;${packaging}/tidemark/prerm;${packaging}/tidemark/postrm")

set(CPACK_DEBIAN_HOOK_PACKAGE_NAME tidemark-hook)
set(CPACK_COMPONENT_HOOK_DESCRIPTION
"keep pushes from taking image markers out of Git
Run by a Git host as its pre-receive hook, it refuses pushes that strip the
markers by which image tags are kept current, and pushes that bring main into
the automation branch. One static program that needs neither a service nor the
network; its rules are one file.")
set(CPACK_DEBIAN_HOOK_PACKAGE_SUGGESTS tidemark)
set(CPACK_DEBIAN_HOOK_PACKAGE_CONTROL_EXTRA "${packaging}/hook/prerm")

include(CPack)
