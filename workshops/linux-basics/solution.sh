#!/bin/sh
# Solves the workshop in its workbench: the steps that are named as arguments, which are the ids of its checks, or all.
set -eu

step() {
  case $1 in
    folders) mkdir -p /workspace/expedition/logs /workspace/expedition/maps ;;
    crew) printf '%s\n' Ada Grace Linus > crew.txt ;;
    copy) cp crew.txt logs/crew.bak ;;
    link) ln -s logs/crew.bak latest ;;
    search) grep 'nologin$' /etc/passwd | cut -d: -f1 | sort > services.txt ;;
    private)
      echo 'the treasure is under the oak' > secret.txt
      chmod 600 secret.txt
      ;;
    script)
      printf '%s\n' '#!/bin/sh' 'wc -l < "$1"' > count.sh
      chmod +x count.sh
      ./count.sh crew.txt > result.txt
      ;;
    process)
      sleep 3600 > /dev/null 2>&1 &
      echo $! > sleeper.pid
      ;;
    *) echo "there is no step $1" >&2 && return 1 ;;
  esac
}

[ $# -gt 0 ] || set -- folders crew copy link search private script process
for name in "$@"; do
  cd /workspace
  [ "$name" = folders ] || cd expedition
  step "$name"
done
