// Package cli is the command line: one file a command, flags and output. What a command
// does with stores and doors is internal/app.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"dengwen/internal/config"
	"dengwen/petition"
)

var errUsage = errors.New("see dengwen --help")

// command is the command line. Settings stand on every command.
type command struct {
	config.Settings `group:"Settings, the same for every command:"`
	Config          kong.ConfigFlag `help:"settings file (YAML), below environment and flags" type:"path" group:"Settings, the same for every command:"`

	Serve     serveCmd     `cmd:"" default:"withargs" help:"run the bot: web page, case API, and Telegram where configured"`
	Talk      talkCmd      `cmd:"" help:"talk to the bot in this terminal"`
	Ask       askCmd       `cmd:"" help:"answer one question on the rules"`
	Classify  classifyCmd  `cmd:"" help:"sort messages by subject (JSON lines in and out)"`
	Related   relatedCmd   `cmd:"" help:"find messages about one matter (JSON lines in and out)"`
	Replay    replayCmd    `cmd:"" help:"replay messages and count how many it takes to lodge" hidden:""`
	Train     trainCmd     `cmd:"" help:"train the subject classifier on labelled messages"`
	Due       dueCmd       `cmd:"" help:"compute a legal date"`
	Calendar  calendarCmd  `cmd:"" help:"workday calendar"`
	Staff     staffCmd     `cmd:"" help:"the office's people"`
	Accesses  accessesCmd  `cmd:"" help:"print the access log: who read or changed which cases"`
	Broadcast broadcastCmd `cmd:"" help:"send a service notice to those who agreed, see how far it got, stop it"`
	Check     checkCmd     `cmd:"" help:"look at settings, data and every connection, and say what is wrong"`
	Report    reportCmd    `cmd:"" help:"print the week's figures of units or the year's report from the store"`
	Demo      demoCmd      `cmd:"" help:"show the example office with fifty invented cases, or fill a store with many"`
	Notice    noticeCmd    `cmd:"" help:"print an official document of a case as PDF or DOCX"`
	Key       keyCmd       `cmd:"" help:"make a key for personal data at rest (DENGWEN_KEY)"`
	APIKey    apiKeyCmd    `cmd:"" name:"api-key" help:"make a key for the case API"`
	Table     tableCmd     `cmd:"" name:"settings" help:"print the settings table of the README"`
	Version   versionCmd   `cmd:"" help:"print which version this is"`
	Healthy   healthyCmd   `cmd:"" help:"ask a running bot whether it is well (for container health checks)"`
}

// streams are the program's standard streams.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// Main runs the command of the process's arguments and exits: 1 on an error, told on
// standard error. An interrupt or SIGTERM ends the command's context.
func Main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr}); err != nil {
		fmt.Fprintln(os.Stderr, "dengwen:", err)
		stop()
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, std streams) error {
	if err := config.ReadSecretFiles(os.LookupEnv, os.Setenv); err != nil {
		return err
	}
	var c command
	left := false
	p, err := kong.New(&c,
		kong.Name("dengwen"),
		kong.Description("登闻: lodge a petition in chat, and see who has it and until when."),
		kong.UsageOnError(), kong.Writers(std.out, std.err),
		kong.Exit(func(int) { left = true }),
		kong.Configuration(config.File),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(std),
		kong.Vars{"roles": strings.ReplaceAll(roles(petition.Roles()), ",", ", ")},
	)
	if err != nil {
		return fmt.Errorf("read the command line: %w", err)
	}
	k, err := p.Parse(args)
	if left {
		return nil
	}
	if err != nil {
		return fmt.Errorf("%w (%w)", err, errUsage)
	}
	if err := c.Settings.Validate(); err != nil {
		return err
	}
	return k.Run(&c.Settings)
}
