// Package backup is the format of a backup: one stream with everything that the stores hold but
// the key.
//
//	"dengwen backup 1\n", then the id of the key, as in front of all that is sealed
//	sealed, as long streams are (internal/seal): zstd of a tar of
//	  head.json                   Head
//	  conversations/000001.jsonl  a Record a line
//	  cases.json                  Cases
//	  cases/<table>/000001.jsonl  a row a line, the first line of a table its columns
//	  files/<id>                  an attachment as it lies in its store, sealed
//	  filelist/000001.jsonl     instead of files/, where attachments are kept beside: a Listed a line
//	  end.json                    End: rows and hash of every part
//
// What is sealed in the stores is sealed inside the stream too. Rows of one part are split into
// entries of about 256 KiB, so that neither side holds more in memory.
package backup
