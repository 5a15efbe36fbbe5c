// Package papers looks at official documents as those who get them do: every kind from
// three lives of cases (short, long, with many attachments), as PDF and DOCX. `make papers`
// checks them with the programs it names and leaves pictures of every page.
package papers
