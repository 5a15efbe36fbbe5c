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
	Office    officeCmd    `cmd:"" help:"the office's data: look a change over, put it in place, see who changed what"`
	Staff     staffCmd     `cmd:"" help:"the office's people"`
	Accesses  accessesCmd  `cmd:"" help:"print the access log: who read or changed which cases"`
	Broadcast broadcastCmd `cmd:"" help:"send a service notice to those who agreed, see how far it got, stop it"`
	Verify    verifyCmd    `cmd:"" help:"compare every case and the access log with the hash chain and its signed checkpoints"`
	Backup    backupCmd    `cmd:"" help:"write cases, conversations and attachments into one sealed file, while the program goes on"`
	Restore   restoreCmd   `cmd:"" help:"put a backup into empty stores, whichever they are"`
	Check     checkCmd     `cmd:"" help:"look at settings, data and every connection, and say what is wrong"`
	Report    reportCmd    `cmd:"" help:"print the week's figures of units or the year's report from the store"`
	Demo      demoCmd      `cmd:"" help:"show the example office with fifty invented cases, or fill a store with many"`
	Notice    noticeCmd    `cmd:"" help:"print an official document of a case as PDF or DOCX"`
	Key       keyCmd       `cmd:"" help:"the keys for personal data at rest: list, make, rotate, retire"`
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
	words, err := locales.New()
	if err != nil {
		return err
	}
	s := &speech{words, words.Environ(os.Getenv)}
	if err := s.command(ctx, args, std); err != nil {
		return errors.New(app.Explain(s.words, s.lang, err))
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
		kong.Vars{"roles": strings.ReplaceAll(roles(petition.Roles()), ",", ", ")},
	)
	if err != nil {
		return fmt.Errorf("read the command line: %w", err)
	}
	k, err := p.Parse(args)
	if left {
		return nil
	}
	own, ownErr := app.OpenLocales(&c.Settings)
	if ownErr == nil { // what is wrong with the settings is said in it too
		s.words, s.lang = own, own.Environ(os.Getenv)
	}
	var e *petition.Error
	if errors.As(err, &e) { // of Settings.Validate, which kong calls
		return err
	}
	if err != nil {
		return fault("cli.usage", err)
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

// help prints what a command takes. The settings, which every command takes, stand on the page of
// the program alone: a command's own flags would be lost among them.
func (s *speech) help(options kong.HelpOptions, ctx *kong.Context) error {
	whole := ctx.Selected() == nil
	var secrets []string
	for _, flags := range ctx.Model.AllFlags(false) {
		for _, f := range flags {
			secret := f.Tag.Has("secret")
			if secret {
				secrets = append(secrets, f.Envs[0])
			}
			f.Hidden = f.Hidden || secret || !whole && f.Group != nil && f.Group.Key == settingsGroup
		}
	}
	if whole {
		if err := kong.DefaultHelpPrinter(options, ctx); err != nil {
			return err
		}
		_, err := fmt.Fprintln(ctx.Stdout, "\n"+s.say("cli.secrets", "Names", strings.Join(secrets, " ")))
		return err
	}
	if err := kong.DefaultHelpPrinter(options, ctx); err != nil {
		return err
	}
	_, err := fmt.Fprintln(ctx.Stdout, "\n"+s.say("cli.settings"))
	return err
}

// fault is a failure that has a sentence; args are name, value pairs.
func fault(key string, err error, args ...string) error {
	e := petition.Fail(petition.Invalid, key, args...)
	e.Err = err
	return e
}
