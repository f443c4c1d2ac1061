/**
 * Scripts that arrange files in `/workspace` for a learner, run as the learner in his own workbench: whatever he has put in
 * their way, they can do nothing that he could not do himself.
 */

/** Exit code: something else than a plain file or folder stands in the way. */
export const inTheWay = 3;
/** Exit code: a file is too large to be kept for the way back. */
export const tooLarge = 4;

/** Prints `file` or `none`, then the content, no more of it even when it grows meanwhile. `$1`: path, `$2`: most bytes. */
export const readFile = `
if [ -f "$1" ]; then
  [ "$(wc -c < "$1")" -le "$2" ] || exit ${tooLarge}
  echo file
  exec head -c "$2" -- "$1"
fi
if [ -e "$1" ] || [ -L "$1" ]; then exit ${inTheWay}; fi
echo none`;

/** Writes a file, all of it or nothing. `$1`: path, `$2`: content; without it, standard input. */
export const writeFile = `
set -e
if [ -e "$1" ] && [ ! -f "$1" ]; then exit ${inTheWay}; fi
mkdir -p -- "$(dirname -- "$1")"
new=$(mktemp -- "$1.XXXXXX")
trap 'rm -f -- "$new"' EXIT
if [ "$#" -gt 1 ]; then printf %s "$2"; else cat; fi > "$new"
chmod 644 "$new"
mv -fT -- "$new" "$1"`;

/** Takes a file away, if it is there. `$1`: path. */
export const removeFile = `
if [ -e "$1" ] && [ ! -f "$1" ]; then exit ${inTheWay}; fi
exec rm -f -- "$1"`;

/**
 * Prints the numbers of the volumes that hold something, then of each folder what it is a link to, or that something else
 * stands in its place. `$@`: each folder with the way from it to the places of the volumes.
 */
export const lookAtFolders = `
for place in .folders/*; do
  if [ -n "$(ls -A -- "$place" 2> /dev/null)" ]; then echo "filled \${place#.folders/}"; fi
done
while [ "$#" -gt 1 ]; do
  if [ -L "$1" ]; then
    link=$(readlink -- "$1")
    case $link in "$2"/[0-9]) echo "link \${link##*/} $1" ;; *) echo "other - $1" ;; esac
  elif [ -e "$1" ] && [ ! -d "$1" ]; then
    echo "other - $1"
  fi
  shift 2
done
true`;

/**
 * Moves a folder's content into a volume and puts a link in its place. The folder stands there whole until the volume holds
 * everything. `$1`: folder, `$2`: volume, `$3`: link.
 */
export const claimFolder = `
set -e
if [ "$(readlink -- "$1")" = "$3" ]; then exit 0; fi
if [ -L "$1" ]; then exit ${inTheWay}; fi
old=
if [ -e "$1" ]; then
  [ -d "$1" ] || exit ${inTheWay}
  cp -a -- "$1/." "$2/"
  old=$(mktemp -d -- "$1.XXXXXX")
  mv -T -- "$1" "$old"
fi
mkdir -p -- "$(dirname -- "$1")"
ln -sT -- "$3" "$1"
if [ -n "$old" ]; then rm -rf -- "$old"; fi`;

/**
 * Moves the content of a volume back to where its folder was. A service may have left there what the learner can neither
 * read nor remove: that stays. When there is no room, nothing is moved, and it fails. A folder that stands there has never
 * been moved, and is whole, unlike what a move that broke off has left in the volume. `$1`: folder, `$2`: volume, `$3`: link.
 */
export const releaseFolder = `
set -e
all=1
if [ "$(readlink -- "$1")" = "$3" ] || { [ ! -e "$1" ] && [ ! -L "$1" ]; }; then
  mkdir -p -- "$(dirname -- "$1")"
  new=$(mktemp -d -- "$1.XXXXXX")
  chmod 755 -- "$new"
  if ! fault=$(cp -a -- "$2/." "$new/" 2>&1); then
    all=
    case $fault in *'No space left'* | *'quota exceeded'*) rm -rf -- "$new" && exit 1 ;; esac
  fi
  rm -f -- "$1"
  mv -T -- "$new" "$1"
else
  if [ -L "$1" ] || [ ! -d "$1" ]; then exit ${inTheWay}; fi
  cp -an -- "$2/." "$1/" || all=
fi
if [ -n "$all" ]; then find "$2" -mindepth 1 -delete || true; fi`;
