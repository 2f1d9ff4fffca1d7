#!/usr/bin/env bash
# Builds the container image and runs it without a container engine, in a chroot and namespaces. Creates the base images
# from Debian's packages and the Node in node_modules. Needs root, the network, the packages of `npm ci`, and Debian's
# packages buildah and debootstrap. Takes some minutes, and removes all its files at the end.
#
# Checks the files and the size of the image. Checks that the service runs on a read-only root, as PID 1, and not as
# root; that another user of group 0 can run it on the same volume; that it does not start without credentials; that the
# health check passes only if the service responds; and that the exit code after SIGTERM is 0.
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "$0")/.."

SUITE=trixie
AUTH_TOKENS="someone::$(printf '0%.0s' {1..64})"

work=$(mktemp -d)
running=
stop() {
  if [ -n "$running" ]; then
    kill -KILL "$(first)" || true
    wait "$running" || true
  fi 2>/dev/null
  rm -rf "$work"
}
trap stop EXIT

ok() { echo "ok - $1"; }
fail() { echo "not ok - $1" >&2; exit 1; }
# Prints the size of a file or folder in MiB.
size_of() { du -sm --apparent-size "$1" | cut -f1; }

for tool in buildah debootstrap unshare nsenter npm; do
  command -v "$tool" >/dev/null || fail "$tool is missing: install it"
done
node=$PWD/node_modules/node/bin/node
[ -x "$node" ] || fail 'run npm ci first'

# Runs buildah, with all its files in the folder that is removed at the end.
build() {
  timeout -k 5 600 \
    buildah --root "$work/store" --runroot "$work/run" --storage-driver vfs "$@"
}

# Creates an image from a folder.
import() {
  local container
  container=$(build from scratch)
  build add -q "$container" "$1" / >/dev/null
  build commit -q "$container" "$2" >/dev/null
  build rm "$container" >/dev/null
}

# Remove the files that Debian's slim images also omit.
timeout -k 5 600 debootstrap --variant=minbase "$SUITE" "$work/base" >"$work/debootstrap.log" ||
  fail "debootstrap: $(tail -1 "$work/debootstrap.log")"
rm -rf "$work/base"/usr/share/{doc,man,info,locale}/* "$work/base"/var/{cache/apt,lib/apt/lists}/*
import "$work/base" localhost/runtime
base_size=$(size_of "$work/base")

# Create the base image of the build stage. It contains this machine's npm and registry settings.
mkdir -p "$work/base"/{etc/ssl/certs,usr/local/lib/node_modules,usr/local/etc}
cp "$node" "$work/base/usr/local/bin/node"
cp -r "$(npm root --global 2>/dev/null)/npm" "$work/base/usr/local/lib/node_modules/npm"
ln -s ../lib/node_modules/npm/bin/npm-cli.js "$work/base/usr/local/bin/npm"
cp --dereference /usr/lib/*-linux-gnu/libatomic.so.1 "$work/base"/usr/lib/*-linux-gnu/
if [ -f /etc/ssl/certs/ca-certificates.crt ]; then
  cp --dereference /etc/ssl/certs/ca-certificates.crt "$work/base/etc/ssl/certs/"
  echo 'cafile=/etc/ssl/certs/ca-certificates.crt' >"$work/base/usr/local/etc/npmrc"
fi
echo "registry=$(npm config get registry 2>/dev/null)" >>"$work/base/usr/local/etc/npmrc"
import "$work/base" localhost/node

build bud -q --isolation chroot --format docker --build-arg NODE_IMAGE=localhost/node \
  --build-arg RUNTIME_IMAGE=localhost/runtime --tag localhost/restful-web-api . \
  >"$work/build.log" 2>&1 || fail "the build: $(tail -20 "$work/build.log")"
ok 'the Dockerfile builds'

build inspect --type image localhost/restful-web-api >"$work/image.json"
# Prints the value of a JavaScript expression that reads the configuration of the image.
config() {
  "$node" --print "
    const { config } = JSON.parse(require('fs').readFileSync('$work/image.json')).Docker;
    [$1].flat().join('\n')
  "
}
# Fails if the value of an expression that reads the configuration of the image is not the expected value.
expect() {
  local found
  found=$(config "$1")
  [ "$found" = "$2" ] || fail "$3: $found"
  ok "$3: $found"
}
expect 'config.User' 10001:0 'the user is numeric and not root'
expect 'Object.keys(config.Volumes)' /data 'there is one volume'
expect 'Object.keys(config.ExposedPorts)' 5000/tcp 'there is one port'
expect '[...config.Entrypoint, ...config.Cmd].join(" ")' 'node --disable-sigusr1 src/start.js' \
  'the command runs without a shell'
expect 'Object.keys(config.Labels).filter((key) => /^org.opencontainers/.test(key)).length' 5 \
  'the image has OCI labels'

root=$(build mount "$(build from localhost/restful-web-api)")
[ "$(ls -A "$root/app" | sort | xargs)" = \
  'chunks compiled node_modules package-lock.json package.json plugins routes sbom.json src' ] ||
  fail "unexpected files in /app: $(ls -A "$root/app" | xargs)"
ok 'the image has only the files that the service needs'
for package in node tap typescript esbuild @biomejs @types; do
  [ ! -e "$root/app/node_modules/$package" ] || fail "the image contains the devDependency $package"
done
[ ! -e "$root/usr/local/bin/npm" ] || fail 'the image contains npm'
ok 'the image has no devDependency and no npm'
"$node" --eval "
  const { bomFormat, components } = JSON.parse(require('fs').readFileSync('$root/app/sbom.json'))
  const names = new Set(components.map(({ group, name }) => group ? group + '/' + name : name))
  const { dependencies } = JSON.parse(require('fs').readFileSync('package.json'))
  process.exit(bomFormat === 'CycloneDX' && Object.keys(dependencies).every((name) => names.has(name)) ? 0 : 1)
" || fail 'the image has no list of its packages'
ok 'the image has a list of its packages (SBOM)'
# Group 0 has no rights that others lack, since every user of the container is in it.
own=$(find "$root/app" -name compiled -prune -o \( -user 10001 -o -type f -perm /022 \) -print)
[ -z "$own" ] || fail "the user can write files of the code: $own"
ok 'the user cannot write the code'

size=$(size_of "$root")
echo "# $size MiB: base $base_size, node $(size_of "$root/usr/local/bin/node")," \
  "packages $(size_of "$root/app/node_modules"), compiled $(size_of "$root/app/compiled")"
[ "$size" -le 238 ] || fail 'the image is larger than 250 MB'
ok 'the image is smaller than 250 MB'

[ "$(stat --format '%u:%g %a' "$root/data")" = '10001:0 770' ] || fail "the volume is $(stat "$root/data")"
ok 'the user and its group can write to the volume'
cp --archive "$root/data" "$work/data"

# Runs the command of the image in the background, as PID 1 and as $user in group 0. Only the volume is writable, and
# the only network is loopback. Adds the arguments to the environment of the image.
user=10001
mapfile -t environment < <(config config.Env)
mapfile -t command < <(config '[...config.Entrypoint, ...config.Cmd]')
mapfile -t health < <(config 'config.Healthcheck.Test.slice(1)')
start() {
  : >"$work/log"
  timeout -k 1 60 unshare --mount --net --pid --fork --kill-child bash -ceu '
    root=$1 data=$2 user=$3; shift 3
    mount --bind "$root" "$root"
    mount --bind "$data" "$root/data"
    mount --rbind /dev "$root/dev"
    mount -t proc proc "$root/proc"
    mount -o remount,bind,ro "$root"
    ip link set lo up
    exec chroot --groups= --userspec=$user:0 "$root" "$@"
  ' bash "$root" "$work/data" "$user" /usr/bin/env --ignore-environment --chdir=/app \
    "${environment[@]}" "$@" "${command[@]}" >"$work/log" 2>&1 &
  running=$!
}
# Prints the id of the process that is PID 1 in the container. This process is a child of unshare, which is a child of timeout.
first() { pgrep -P "$(pgrep -P "$running")"; }
# Runs a command in the namespaces of the container.
beside() {
  timeout -k 1 10 nsenter --target "$(first)" --mount --net --pid --root \
    --setuid "$user" --setgid 0 /usr/bin/env --ignore-environment --chdir=/app \
    "${environment[@]}" "$@"
}
# Waits until the container ends, and sets $code to its exit code.
finish() {
  code=0
  wait "$running" || code=$?
  running=
}

start
finish
[ "$code" = 1 ] && grep -q 'set AUTH_USERS or AUTH_TOKENS' "$work/log" ||
  fail "without credentials the exit code is $code: $(cat "$work/log")"
ok "the service does not start without credentials: $(cat "$work/log")"

# Starts the service with credentials at the time $since, and waits until it listens.
start_healthy() {
  since=$(date +%s%N)
  start "AUTH_TOKENS=$AUTH_TOKENS"
  until grep -q 'listening at' "$work/log"; do
    kill -0 "$running" 2>/dev/null || fail "the service does not start: $(cat "$work/log")"
    sleep 0.02
  done
}

start_healthy
echo "# the service listens after $((($(date +%s%N) - since) / 1000000)) ms, with" \
  "$(awk '/VmRSS/ { print int($2 / 1024) }' "/proc/$(first)/status") MiB"
ok 'the service starts on a read-only root'
ids=$(awk '/^[UG]id/ { print $2 } /NSpid/ { print $3 }' "/proc/$(first)/status" | xargs)
[ "$ids" = '10001 0 1' ] || fail "user, group and PID are $ids"
ok 'the service is PID 1 and runs as its user'
[[ $(beside touch /app/compiled/here 2>&1) == *'Read-only file system'* ]] ||
  fail 'the service can write outside its volume'
[ -f "$work/data/api.db" ] || fail 'the database is not on the volume'
ok 'the service can write only to its volume'
beside "${health[@]}" || fail 'the health check fails although the service is healthy'
! beside PORT=1 "${health[@]}" &>/dev/null || fail 'the health check passes although no service listens'
ok 'the health check passes only if the service responds'
kill -TERM "$(first)"
finish
[ "$code" = 0 ] || fail "the exit code after SIGTERM is $code: $(cat "$work/log")"
ok 'the exit code after SIGTERM is 0'

user=1000660000
start_healthy
echo "# the service of another user listens after $((($(date +%s%N) - since) / 1000000)) ms"
beside "${health[@]}" || fail 'the health check of another user fails'
kill -TERM "$(first)"
finish
[ "$code" = 0 ] || fail "as another user, the exit code after SIGTERM is $code: $(cat "$work/log")"
ok 'another user of group 0 can run the service with the same database'
