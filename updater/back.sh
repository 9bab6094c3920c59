#!/bin/sh
# Puts back what Debian's packages of a night replaced, where the machine does not come up with them. It lies beside what
# was kept (before.py), and needs a shell, tar and little else: what would install packages may be what is broken.
#   sh back.sh --judge      at each start, by NAME-before.service: counts it, waits until people are served, else puts back
#   sh back.sh [ROOT]       by hand; from a rescue medium: sh /mnt/var/lib/kiosk-update/before/back.sh /mnt
set -eu
LC_ALL=C
export LC_ALL
here=$(cd "$(dirname "$0")" && pwd)
most_starts=5         # the power goes several times a day: that alone is no sign
patience_s=${BEFORE_PATIENCE_S:-900}
steady_s=${BEFORE_STEADY_S:-60}

put_back() {
    root=${1%/}
    echo 99 >"$here/starts"    # cut off here, the next start goes on from here
    if [ ! -e "$here/gone" ]; then    # what there is now and was not before, read while dpkg's lists are still of now
        {
            cat "$root"/var/lib/dpkg/info/*.list
            for path in "$root"/var/lib/dpkg/info/* "$root"/boot/*; do echo "${path#"$root"}"; done
        } | sort -u >"$here/now"
        # What was before stands twice, so what stands once is new.
        sort "$here/all" "$here/all" "$here/now" | uniq -u >"$here/gone.new"
        sync
        mv "$here/gone.new" "$here/gone"
    fi
    tar -x -p -f "$here/files.tar" -C "$root/"
    while read -r path; do
        if [ -L "$root$path" ] || [ ! -d "$root$path" ]; then rm -f "$root$path"; fi
    done <"$here/gone"
    cat "$here/../went-back" "$here/packages" 2>/dev/null | sort -u >"$here/../went-back.new"
    sync
    mv "$here/../went-back.new" "$here/../went-back"
    mv "$here" "$here.done"
    sync
    rm -rf "$here.done"
}

serves() { systemctl is-active --quiet "$unit"; }
which() { systemctl show --property=InvocationID --value "$unit"; }

is_steady() {
    serves || return 1
    served=$(which)
    sleep "$steady_s"
    serves && [ "$(which)" = "$served" ]
}

judge() {
    unit=$(cat "$here/unit")
    starts=$(cat "$here/starts" 2>/dev/null || echo 0)
    starts=$((starts + 1))
    echo "$starts" >"$here/starts"
    sync
    until_s=$(($(cut -d. -f1 /proc/uptime) + patience_s))
    while [ "$starts" -le "$most_starts" ] && [ "$(cut -d. -f1 /proc/uptime)" -lt "$until_s" ]; do
        if is_steady; then
            echo "Debian's packages of the last night have shown themselves."
            rm -rf "$here"
            return
        fi
        sleep 2
    done
    echo "This machine does not come up with Debian's packages of the last night: what was before is put back." >&2
    put_back "${BEFORE_ROOT:-}"
    systemctl --no-block reboot
}

case ${1:-} in
--judge) judge ;;
*) put_back "${1:-}" && echo "What was before the last night is put back. Restart the machine." ;;
esac
