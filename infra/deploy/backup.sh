#!/bin/sh
# A copy each night, checked for being whole: `backup.sh FOLDER`.
set -eu
exec aqsha backup "${1:?folder of the copies}"
