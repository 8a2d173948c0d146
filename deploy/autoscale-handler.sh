#!/bin/sh
exec ebb hook "$@"
