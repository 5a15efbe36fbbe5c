// Package soak holds no program, only a test: a day of the Telegram door in little. Citizens lodge
// petitions with a photo each, by webhook and by polling, with two processes that are killed with -9,
// while the fake Bot API does whatever a real one was seen to do. `make soak` runs it;
// DENGWEN_SOAK_CITIZENS and DENGWEN_SOAK_KILLS are its size, for each of the two ways.
package soak
