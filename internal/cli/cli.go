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
	"slices"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"dengwen/internal/app"
	"dengwen/internal/config"
	"dengwen/locales"
	"dengwen/petition"
)

const settingsGroup = "Settings, the same for every command:"

// command is the command line. Settings stand on every command.
type command struct {
	config.Settings `group:"Settings, the same for every command:"`
	Config          kong.ConfigFlag `type:"path" group:"Settings, the same for every command:"`

	Serve     serveCmd     `cmd:"" default:"withargs"`
	Talk      talkCmd      `cmd:""`
	Ask       askCmd       `cmd:""`
	Classify  classifyCmd  `cmd:""`
	Related   relatedCmd   `cmd:""`
	Replay    replayCmd    `cmd:"" hidden:""`
	Train     trainCmd     `cmd:""`
	Due       dueCmd       `cmd:""`
	Calendar  calendarCmd  `cmd:""`
	Office    officeCmd    `cmd:""`
	Staff     staffCmd     `cmd:""`
	Accesses  accessesCmd  `cmd:""`
	Broadcast broadcastCmd `cmd:""`
	Webhook   webhookCmd   `cmd:""`
	Bounce    bounceCmd    `cmd:""`
	Verify    verifyCmd    `cmd:""`
	Backup    backupCmd    `cmd:""`
	Restore   restoreCmd   `cmd:""`
	Check     checkCmd     `cmd:""`
	Report    reportCmd    `cmd:""`
	Import    importCmd    `cmd:""`
	Exchange  exchangeCmd  `cmd:""`
	Export    exportCmd    `cmd:""`
	Demo      demoCmd      `cmd:""`
	Practice  practiceCmd  `cmd:""`
	Notice    noticeCmd    `cmd:""`
	Posters   postersCmd   `cmd:""`
	Key       keyCmd       `cmd:""`
	APIKey    apiKeyCmd    `cmd:"" name:"api-key"`
	Table     tableCmd     `cmd:"" name:"settings"`
	Version   versionCmd   `cmd:""`
	Healthy   healthyCmd   `cmd:""`
}

// streams are the program's standard streams.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// Main runs the command of the process's arguments and exits: 1 on an error, or 75 on one after which a mail
// server hands the mail over again, told on standard error. An interrupt or SIGTERM ends the command's context.
func Main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr}); err != nil {
		fmt.Fprintln(os.Stderr, "dengwen:", err)
		stop()
		if errors.As(err, &later{}) {
			os.Exit(exitLater)
		}
		os.Exit(1)
	}
}

// speech is what a command says, in the language of the environment.
type speech struct {
	words *locales.Catalog
	lang  string
}

func (s *speech) say(key string, args ...any) string { return s.words.Say(s.lang, key, args...) }

// choose is the language that a flag names, or that of the environment.
func (s *speech) choose(tag string) (string, error) {
	if tag == "" {
		return s.lang, nil
	}
	if s.words.Speaks(tag) {
		return tag, nil
	}
	var all []string
	for _, l := range s.words.Languages() {
		all = append(all, l.Tag)
	}
	return "", fault("cli.lang", nil, "lang", tag, "all", strings.Join(all, " "))
}

// run runs a command. Its error is a sentence for the person at the keyboard.
func run(ctx context.Context, args []string, std streams) error {
	s, err := speechOf(args)
	if err != nil {
		return err
	}
	if err := s.command(ctx, args, std); err != nil {
		said := errors.New(app.Explain(s.words, s.lang, err))
		if errors.As(err, &later{}) {
			return later{said}
		}
		return said
	}
	return nil
}

func (s *speech) command(ctx context.Context, args []string, std streams) error {
	if err := config.ReadSecretFiles(os.LookupEnv, os.Setenv); err != nil {
		return err
	}
	if len(args) > 0 && args[0] == "help" {
		args = append(slices.Clone(args[1:]), "--help")
	}
	var c command
	left := false
	p, err := kong.New(&c,
		kong.Name("dengwen"),
		kong.Description(s.say("cli.about")),
		kong.UsageOnError(), kong.Writers(std.out, std.err), kong.Help(s.help),
		kong.Exit(func(int) { left = true }),
		kong.Configuration(config.File),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(std, s),
	)
	if err != nil {
		return fmt.Errorf("read the command line: %w", err)
	}
	s.describe(p)
	k, err := p.Parse(args)
	if left {
		return nil
	}
	own, ownErr := app.OpenLocales(&c.Settings)
	if ownErr == nil && c.Locales != "" { // what is wrong with the settings is said in it too
		s.words, s.lang = own, own.Environ(os.Getenv)
	}
	var e *petition.Error
	if errors.As(err, &e) { // of Settings.Validate, which kong calls
		return err
	}
	if err != nil {
		return misused(err)
	}
	if err := noSecrets(k); err != nil {
		return err
	}
	if ownErr != nil {
		return ownErr
	}
	return k.Run(&c.Settings)
}

// noSecrets refuses secrets on the command line: everybody on the machine can read it in the
// list of processes.
func noSecrets(k *kong.Context) error {
	for _, at := range k.Path {
		if at.Flag != nil && !at.Resolved && at.Flag.Tag.Has("secret") {
			return fault("cli.secret_flag", nil, "flag", at.Flag.Name, "name", at.Flag.Envs[0])
		}
	}
	return nil
}

// fault is a failure that has a sentence; args are name, value pairs.
func fault(key string, err error, args ...string) error {
	e := petition.Fail(petition.Invalid, key, args...)
	e.Err = err
	return e
}
