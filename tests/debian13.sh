#!/usr/bin/env bash
# Runs make targets in a bare Debian 13, which has Python 3.13 and a newer bubblewrap: tests/debian13.sh [TARGET...]
#
# Without targets: grade and test. What is checked is the last commit. Needs root, for debootstrap and mounts.
# DEBIAN_ROOT    the folder of that Debian, which is kept for the next run (3 GB)
# DEBIAN_MIRROR  the address of a Debian mirror; without it, the one that this machine's apt uses
set -euo pipefail

project=$(cd "$(dirname "$0")/.." && pwd)
root=${DEBIAN_ROOT:-/var/tmp/grader-debian13}
certificates=etc/ssl/certs/ca-certificates.crt
[ $# -gt 0 ] || set -- grade test

if [ "$(id -u)" != 0 ]; then
  echo "Run it as root: debootstrap makes device files, and this script mounts." >&2
  exit 2
fi
command -v debootstrap >/dev/null || apt-get install -y debootstrap

if [ ! -e "$root/made" ]; then
  mirror=${DEBIAN_MIRROR:-$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' | head -n 1)}
  rm -rf "$root"
  debootstrap --variant=minbase --include=python3-venv,make,git,ca-certificates trixie "$root" "$mirror"
  touch "$root/made"
fi

# The network is the machine's, with its names and the certificates that it trusts.
cp -L --remove-destination /etc/resolv.conf /etc/hosts "$root/etc/"
[ ! -e "/$certificates" ] || cp -L "/$certificates" "$root/$certificates"

export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0='*'  # a project of another user's, too
[ -e "$root/srv/grader" ] || git clone --quiet "$project" "$root/srv/grader"
git -C "$root/srv/grader" fetch --quiet "$project" HEAD
git -C "$root/srv/grader" reset --quiet --hard FETCH_HEAD

passed_on=()
for name in http_proxy https_proxy no_proxy PIP_INDEX_URL OPENBLAS_CORETYPE OPENBLAS_L2_SIZE; do
  [ -z "${!name:-}" ] || passed_on+=("$name=${!name}")
done

# Not chroot: in one the kernel makes no user namespaces, and so there is no sandbox.
exec unshare --mount --pid --fork --kill-child --propagation private bash -euc '
  root=$1; shift
  mount --bind "$root" "$root"
  cd "$root"
  mount -t proc proc proc
  mount --rbind /sys sys
  mount --rbind /dev dev
  mount -t tmpfs tmpfs dev/shm
  mkdir -p outside
  pivot_root . outside
  umount --lazy /outside
  cd /srv/grader
  exec env --ignore-environment "$@"
' bash "$root" HOME=/root LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin PIP_CERT="/$certificates" "${passed_on[@]}" \
  make "$@"
