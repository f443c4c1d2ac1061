#!/bin/sh
# Solves the workshop in its workbench: the steps that are named as arguments, which are the ids of its checks, or all.
set -eu

project=/workspace/project

commit_all() { git add --all && git commit --quiet --message "$1"; }

step() {
  case $1 in
    repository)
      git config --global user.name 'Ada Learner'
      git config --global user.email ada@example.org
      git init --quiet --initial-branch=main "$project"
      ;;
    first-commit)
      echo '# My project' > README.md
      commit_all 'Begin with a README'
      ;;
    ignore)
      date > debug.log
      echo '*.log' > .gitignore
      commit_all 'Leave log files out'
      ;;
    branch)
      git switch --quiet --create feature
      echo 'Hello, world' > greeting.txt
      commit_all 'Greet the world'
      ;;
    merge)
      git switch --quiet main
      git merge --quiet --no-ff --message 'Merge the greeting' feature
      ;;
    conflict)
      git switch --quiet --create formal
      echo 'Good day, world' > greeting.txt
      commit_all 'Be polite'
      git switch --quiet main
      echo 'Hello, everybody' > greeting.txt
      commit_all 'Greet everybody'
      ! git merge --quiet formal
      echo 'Good day, everybody' > greeting.txt
      commit_all 'Merge the polite greeting'
      ;;
    tag) git tag --annotate v1.0 --message 'First release' ;;
    *) echo "there is no step $1" >&2 && return 1 ;;
  esac
}

[ $# -gt 0 ] || set -- repository first-commit ignore branch merge conflict tag
for name in "$@"; do
  cd /workspace
  [ "$name" = repository ] || cd "$project"
  step "$name"
done
