# Sourced by the other scripts: npm packages and system packages, only where they are missing.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

# Installs npm packages when there are none, or when the lock file is newer than what is installed.
install_packages() {
  if [ ! -x node_modules/.bin/node ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
    echo "Installing npm packages (once) ..."
    npm ci --no-audit --no-fund --loglevel=error
  fi
}

# build_web: builds the web client and the host's page, each when its sources are newer than what is built.
build_web() {
  build_page apps/web "the web client"
  build_page apps/panel "the host's page"
}

# build_page FOLDER NAME
build_page() {
  local built=$1/dist/index.html
  if [ ! -f "$built" ] || [ -n "$(find "$1" core platform package-lock.json -newer "$built" -not -path '*/dist/*' -not -path '*/node_modules/*' -type f -print -quit)" ]; then
    echo "Building $2 ..."
    node_modules/.bin/node node_modules/vite/bin/vite.js build "$1" --logLevel error
  fi
}

# system_packages PROGRAM=PACKAGE ...: installs the Debian packages whose programs (or files) are missing, as root;
# says what to install otherwise.
system_packages() {
  local missing=()
  for pair in "$@"; do
    local probe=${pair%%=*} package=${pair#*=}
    case "$probe" in
      /*) compgen -G "$probe" >/dev/null || missing+=("$package") ;;
      *) command -v "$probe" >/dev/null || missing+=("$package") ;;
    esac
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing ${missing[*]} ..."
    apt-get update -qq >/dev/null
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  else
    echo "Missing: ${missing[*]}. Install them with: sudo apt-get install ${missing[*]}"
  fi
}
