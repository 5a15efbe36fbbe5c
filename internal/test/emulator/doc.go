// Package emulator holds no program, only a test: the whole main job through
// telegram-test-api, a Bot API emulator nobody here wrote, by webhook and by
// polling. It needs node and npm.
package emulator
