#!/bin/sh
# Start yusuan as the owner of the volume, so that it can write there whoever made the folder. A volume of root is given
# to the user yusuan. A container that was started with a user of its own keeps it.
set -eu
data=/data
if [ "$(id -u)" -eq 0 ]; then
    if [ "$(stat -c %u "$data")" -eq 0 ]; then
        chown -R yusuan:yusuan "$data"
    fi
    owner=$(stat -c %u "$data")
    group=$(stat -c %g "$data")
    exec setpriv --reuid="$owner" --regid="$group" --clear-groups env HOME="$data" yusuan "$@"
fi
exec yusuan "$@"
