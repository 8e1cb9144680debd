#!/bin/sh
# Puts the command zendesk-csat @VERSION@ into ~/.local/bin, or where ZENDESK_CSAT_INSTALL_FOLDER says.
#
#     curl --proto '=https' --tlsv1.2 -fsSL @REPOSITORY@/releases/download/v@VERSION@/install.sh | sh
#
# It changes nothing else. ZENDESK_CSAT_INSTALL_FROM names another place to download the archives from.
set -eu

version='@VERSION@'
from=${ZENDESK_CSAT_INSTALL_FROM:-'@REPOSITORY@/releases/download/v@VERSION@'}

# The SHA-256 of each archive.
checksum() {
    case $1 in
@CHECKSUMS@
    *) return 1 ;;
    esac
}

fail() {
    echo "error: $1" >&2
    exit 1
}

# A glibc older than 2.17, or none, gets the command that needs none.
libc() {
    found=$(getconf GNU_LIBC_VERSION 2>/dev/null || true)
    case $found in
    'glibc '*) ;;
    *) echo musl && return ;;
    esac
    minor=${found#glibc 2.}
    minor=${minor%%.*}
    if [ "$minor" -ge 17 ]; then echo gnu; else echo musl; fi
}

target() {
    case $(uname -m) in
    x86_64 | amd64) machine=x86_64 ;;
    aarch64 | arm64) machine=aarch64 ;;
    *) fail "there is no build for the processor $(uname -m): cargo install zendesk-csat-cli" ;;
    esac
    case $(uname -s) in
    Linux) echo "$machine-unknown-linux-$(libc)" ;;
    Darwin) echo "$machine-apple-darwin" ;;
    *) fail "there is no build for $(uname -s) that this script installs" ;;
    esac
}

download() {
    if command -v curl >/dev/null; then
        curl --proto '=https,file' --tlsv1.2 -fsSL --retry 3 -o "$2" "$1"
    elif command -v wget >/dev/null; then
        wget -q -O "$2" "$1"
    else
        fail 'curl or wget is needed'
    fi
}

sha256() {
    if command -v sha256sum >/dev/null; then
        sha256sum "$1" | cut -d ' ' -f 1
    else
        shasum -a 256 "$1" | cut -d ' ' -f 1
    fi
}

main() {
    target=$(target)
    expected=$(checksum "$target") || fail "$version has no build for $target"
    folder=${ZENDESK_CSAT_INSTALL_FOLDER:-"$HOME/.local/bin"}
    name="zendesk-csat-$version-$target"
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    download "$from/$name.tar.gz" "$work/archive" || fail "$from/$name.tar.gz cannot be downloaded"
    [ "$(sha256 "$work/archive")" = "$expected" ] || fail "$name.tar.gz is not the archive that was released"
    tar -xzf "$work/archive" -C "$work"
    mkdir -p "$folder"
    cp "$work/$name/zendesk-csat" "$folder/zendesk-csat.new"
    mv "$folder/zendesk-csat.new" "$folder/zendesk-csat"
    echo "zendesk-csat $version is in $folder"
    case ":$PATH:" in
    *":$folder:"*) ;;
    *) echo "$folder is not on your PATH: export PATH=\"$folder:\$PATH\"" ;;
    esac
}

main
