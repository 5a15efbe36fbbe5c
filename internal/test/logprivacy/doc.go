// Package logprivacy holds no program, only a test: everything that citizens type in the
// bot's transcripts is said to the running program through its doors, with the log at
// its loudest, and then looked for in the log and in everything the program stored.
package logprivacy
