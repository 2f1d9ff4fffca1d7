#!/usr/bin/env bash
# Builds the container and runs it without a container engine: on base images made here out of
# Debian and of the Node in node_modules, in a chroot and namespaces of their own. Needs root, the
# network, `npm ci`, and Debian's packages buildah and debootstrap. It takes some minutes, and
# leaves nothing behind.
#
# It shows that the image can be built, what is in it and how large it is; that it runs read-only,
# as PID 1, as its user; that it refuses to start without credentials; that its health check tells
# life from death; and that SIGTERM ends it with 0.
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
# The size of a file or folder in MiB.
size_of() { du -sm --apparent-size "$1" | cut -f1; }

for tool in buildah debootstrap unshare nsenter npm; do
  command -v "$tool" >/dev/null || fail "$tool is needed"
done
node=$PWD/node_modules/node/bin/node
[ -x "$node" ] || fail 'npm ci comes first'

# nothing of this leaves the folder that is removed in the end
build() {
  timeout -k 5 600 \
    buildah --root "$work/store" --runroot "$work/run" --storage-driver vfs "$@"
}

# Makes an image of a folder.
import() {
  local container
  container=$(build from scratch)
  build add -q "$container" "$1" / >/dev/null
  build commit -q "$container" "$2" >/dev/null
  build rm "$container" >/dev/null
}

# the slim images of Debian leave out the same
timeout -k 5 600 debootstrap --variant=minbase "$SUITE" "$work/base" >"$work/debootstrap.log" ||
  fail "debootstrap: $(tail -1 "$work/debootstrap.log")"
rm -rf "$work/base"/usr/share/{doc,man,info,locale}/* "$work/base"/var/{cache/apt,lib/apt/lists}/*
import "$work/base" localhost/runtime
base_size=$(size_of "$work/base")

# Node's image: its npm is the one here, with what it is told about the registry
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

# Evaluates an expression on the image's configuration.
build inspect --type image localhost/restful-web-api >"$work/image.json"
config() {
  "$node" --print "
    const { config } = JSON.parse(require('fs').readFileSync('$work/image.json')).Docker;
    [$1].flat().join('\n')
  "
}
# Holds an expression on the image's configuration to what it should be.
expect() {
  local found
  found=$(config "$1")
  [ "$found" = "$2" ] || fail "$3: $found"
  ok "$3: $found"
}
expect 'config.User' 10001:10001 'the user is a number, and not root'
expect 'Object.keys(config.Volumes)' /data 'there is one volume'
expect 'Object.keys(config.ExposedPorts)' 5000/tcp 'there is one port'
expect '[...config.Entrypoint, ...config.Cmd].join(" ")' 'node src/start.js' \
  'no shell stands before it'
expect 'Object.keys(config.Labels).filter((key) => /^org.opencontainers/.test(key)).length' 5 \
  'there are labels of OCI'

root=$(build mount "$(build from localhost/restful-web-api)")
[ "$(ls -A "$root/app" | sort | xargs)" = \
  'chunks compiled node_modules package-lock.json package.json plugins routes src' ] ||
  fail "what is in /app: $(ls -A "$root/app" | xargs)"
ok 'nothing is in it that the service does not need'
for package in node tap typescript esbuild @biomejs @types; do
  [ ! -e "$root/app/node_modules/$package" ] || fail "the devDependency $package is in it"
done
[ ! -e "$root/usr/local/bin/npm" ] || fail 'npm is in it'
ok 'no devDependency and no npm is in it'
own=$(find "$root/app" -name compiled -prune -o \( -user 10001 -o -type f -perm -o=w \) -print)
[ -z "$own" ] || fail 'its user can write its code'
ok 'its user owns none of its code'

size=$(size_of "$root")
echo "# $size MiB: base $base_size, node $(size_of "$root/usr/local/bin/node")," \
  "packages $(size_of "$root/app/node_modules"), compiled $(size_of "$root/app/compiled")"
[ "$size" -le 238 ] || fail 'it is larger than 250 MB'
ok 'it is smaller than 250 MB'

# Runs the image's command as PID 1 in the background, as its user, with no network but loopback,
# read-only but for its volume, in the environment of the image and of what is given.
mapfile -t environment < <(config config.Env)
mapfile -t command < <(config '[...config.Entrypoint, ...config.Cmd]')
mapfile -t health < <(config 'config.Healthcheck.Test.slice(1)')
start() {
  install --directory --owner 10001 --group 10001 "$work/data"
  timeout -k 1 60 unshare --mount --net --pid --fork --kill-child bash -ceu '
    root=$1 data=$2; shift 2
    mount --bind "$root" "$root"
    mount --bind "$data" "$root/data"
    mount --rbind /dev "$root/dev"
    mount -t proc proc "$root/proc"
    mount -o remount,bind,ro "$root"
    ip link set lo up
    exec chroot --userspec=10001:10001 "$root" "$@"
  ' bash "$root" "$work/data" /usr/bin/env --ignore-environment --chdir=/app \
    "${environment[@]}" "$@" "${command[@]}" >"$work/log" 2>&1 &
  running=$!
}
# What is PID 1 in there: timeout runs unshare, which runs it.
first() { pgrep -P "$(pgrep -P "$running")"; }
# Runs a command beside it, where it is.
beside() {
  timeout -k 1 10 nsenter --target "$(first)" --mount --net --pid --root \
    --setuid 10001 --setgid 10001 /usr/bin/env --ignore-environment --chdir=/app \
    "${environment[@]}" "$@"
}
# Waits for the end, and leaves the exit code in $code.
finish() {
  code=0
  wait "$running" || code=$?
  running=
}

start
finish
[ "$code" = 1 ] && grep -q 'AUTH_USERS or AUTH_TOKENS must be set' "$work/log" ||
  fail "without credentials it ended with $code: $(cat "$work/log")"
ok "without credentials it does not start: $(cat "$work/log")"

start "AUTH_TOKENS=$AUTH_TOKENS"
since=$(date +%s%N)
until grep -q 'listening at' "$work/log"; do
  kill -0 "$running" 2>/dev/null || fail "it does not start: $(cat "$work/log")"
  sleep 0.02
done
echo "# it listens after $((($(date +%s%N) - since) / 1000000)) ms, with" \
  "$(awk '/VmRSS/ { print int($2 / 1024) }' "/proc/$(first)/status") MiB"
ok 'it starts on a read-only root'
who=$(awk '/^[UG]id/ { print $2 } /NSpid/ { print $3 }' "/proc/$(first)/status" | xargs)
[ "$who" = '10001 10001 1' ] || fail "user, group and PID are $who"
ok 'it is PID 1, and of its user'
[[ $(beside touch /app/compiled/here 2>&1) == *'Read-only file system'* ]] ||
  fail 'it can write beside its volume'
[ -f "$work/data/api.db" ] || fail 'its data is not on its volume'
ok 'it writes to its volume alone'
beside "${health[@]}" || fail 'the health check fails on a service that is well'
! beside PORT=1 "${health[@]}" &>/dev/null || fail 'the health check finds a service where none is'
ok 'the health check tells life from death'
kill -TERM "$(first)"
finish
[ "$code" = 0 ] || fail "SIGTERM ended it with $code: $(cat "$work/log")"
ok 'SIGTERM ends it with 0'
