#!/bin/sh
PATH=$PATH:/opt/ebb; exec ebb hook "$@"
