# `cmake --install` and, by `cpack` in the build directory, a Debian package: the program, its manual page,
# what shells complete it with (both written from its flags), and the samples for CI.
include(GNUInstallDirs)

set(GAINSAY_MANUAL ${CMAKE_BINARY_DIR}/manual)
file(MAKE_DIRECTORY ${GAINSAY_MANUAL})
add_custom_command(
  OUTPUT ${GAINSAY_MANUAL}/gainsay.1.gz ${GAINSAY_MANUAL}/gainsay ${GAINSAY_MANUAL}/_gainsay
         ${GAINSAY_MANUAL}/gainsay.fish
  COMMAND sh -c "./gainsay man | gzip -9n >manual/gainsay.1.gz"
  COMMAND sh -c "./gainsay completion bash >manual/gainsay"
  COMMAND sh -c "./gainsay completion zsh >manual/_gainsay"
  COMMAND sh -c "./gainsay completion fish >manual/gainsay.fish"
  WORKING_DIRECTORY ${CMAKE_BINARY_DIR}
  DEPENDS gainsay
  COMMENT "Writing the manual page and the completions"
  VERBATIM)
add_custom_target(gainsay_manual ALL DEPENDS ${GAINSAY_MANUAL}/gainsay.1.gz)

install(TARGETS gainsay RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES ${GAINSAY_MANUAL}/gainsay.1.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${GAINSAY_MANUAL}/gainsay DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${GAINSAY_MANUAL}/_gainsay DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
install(FILES ${GAINSAY_MANUAL}/gainsay.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
install(FILES ${CMAKE_SOURCE_DIR}/README.md ${CMAKE_CURRENT_LIST_DIR}/copyright
        DESTINATION ${CMAKE_INSTALL_DOCDIR})

install(DIRECTORY ${CMAKE_SOURCE_DIR}/samples/ci/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/ci USE_SOURCE_PERMISSIONS)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME gainsay)
set(CPACK_PACKAGE_CONTACT "gainsay maintainers <maintainers@gainsay.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "find tasks that reported success over a lost write")
set(CPACK_PACKAGE_DESCRIPTION
    "gainsay reads the logs of background tasks (Celery, Sidekiq, systemd units and\nsome forty other systems) and tells which tasks reported success although\ntheir own log says that a write was lost. It reads JSON lines, the journal\nand plain text, packed or not, and explains each finding by its log lines.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION admin)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS tzdata)
include(CPack)
