# How much work waits? Prints the number of files in the queue folder.
set -eu

# Without the folder this fails, the cycle fails with it, and the replicas stay as they are. A
# script that printed 0 instead would have the target scaled down.
cd "$QUEUE_FOLDER"
ls | wc -l
