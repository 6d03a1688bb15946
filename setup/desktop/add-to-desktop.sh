#!/bin/sh
# Put calibtool into the menu of this user and offer it for detector images. No administrator
# is needed; run it again after the folder was moved.  "add-to-desktop.sh --remove" undoes it.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
share=${XDG_DATA_HOME:-$HOME/.local/share}
entry=$share/applications/calibtool.desktop
icon=$share/icons/hicolor/256x256/apps/calibtool.png
types=$share/mime/packages/calibtool-mime.xml

if [ "${1:-}" = --remove ]; then
    rm -f "$entry" "$icon" "$types"
    echo "calibtool is no longer in the menu."
else
    mkdir -p "$(dirname "$entry")" "$(dirname "$icon")" "$(dirname "$types")"
    # The Desktop Entry Specification: % is doubled; within quotes \ " ` $ get a backslash; then
    # every backslash is doubled, as in any string. The last step is for sed below.
    program=$(printf '%s' "$here/calibtool" |
        sed 's/%/%%/g; s/[\\"`$]/\\&/g; s/\\/\\\\/g; s/[\\&|]/\\&/g')
    sed "s|^Exec=calibtool|Exec=\"$program\"|" "$here/calibtool.desktop" >"$entry"
    cp "$here/calibtool.png" "$icon"
    cp "$here/calibtool-mime.xml" "$types"
    echo "calibtool is in the menu now."
fi
for update in "update-desktop-database $share/applications" "update-mime-database $share/mime"; do
    if command -v "${update%% *}" >/dev/null; then $update >/dev/null 2>&1 || true; fi
done
