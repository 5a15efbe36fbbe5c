// Dengwen (登闻): a chat-bot for lodging petitions and asking about them.
package main

import (
	_ "time/tzdata" // the image has no time zones of its own

	"dengwen/internal/cli"
)

func main() { cli.Main() }
