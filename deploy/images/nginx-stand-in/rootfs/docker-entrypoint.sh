#!/bin/sh
# Before nginx starts, every script in /docker-entrypoint.d runs in the order of the names: *.envsh in this shell, executable
# *.sh on their own. Any other command starts as it is.
set -e

case ${1:-} in
  nginx | nginx-debug)
    for script in /docker-entrypoint.d/*; do
      [ -x "$script" ] || continue
      case $script in
        *.envsh) . "$script" ;;
        *.sh) "$script" ;;
      esac
    done
    ;;
esac
exec "$@"
