package cli

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"

	"github.com/alecthomas/kong"

	"dengwen/internal/app"
	"dengwen/internal/config"
	"dengwen/petition"
)

// speechOf speaks the language of the environment, with the sentences of DENGWEN_LOCALES or
// --locales where they can be read: what is wrong with them is said when the settings are read.
func speechOf(args []string) (*speech, error) {
	set := config.Settings{Locales: os.Getenv("DENGWEN_LOCALES")}
	for i, a := range args {
		if a == "--locales" && i+1 < len(args) {
			set.Locales = args[i+1]
		} else if dir, ok := strings.CutPrefix(a, "--locales="); ok {
			set.Locales = dir
		}
	}
	words, err := app.OpenLocales(&set)
	if err != nil {
		words, err = app.OpenLocales(new(config.Settings))
	}
	if err != nil {
		return nil, err
	}
	return &speech{words, words.Environ(os.Getenv)}, nil
}

// describe gives commands, arguments and flags their sentences.
func (s *speech) describe(p *kong.Kong) {
	p.Model.HelpFlag.Help = s.say("cli.help.help")
	s.describeNode(p.Model.Node, "help.")
}

func (s *speech) describeNode(n *kong.Node, key string) {
	for _, f := range n.Flags {
		if own := f.Group != nil && f.Group.Key == settingsGroup; own {
			f.Group.Title = s.say("cli.help.settings.group")
			s.describeValue(f.Value, "help.setting."+f.Name)
		} else if f.Name != "help" {
			s.describeValue(f.Value, key+f.Name)
		}
	}
	for _, v := range n.Positional {
		s.describeValue(v, key+v.Name)
	}
	for _, c := range n.Children {
		c.Help = s.say(key + c.Name)
		s.describeNode(c, key+c.Name+".")
	}
}

func (s *speech) describeValue(v *kong.Value, key string) {
	v.Help = s.say(key, "Roles", strings.ReplaceAll(roles(petition.Roles()), ",", ", "))
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
	out := ctx.Stdout
	var b bytes.Buffer
	ctx.Stdout = &b
	err := kong.DefaultHelpPrinter(options, ctx)
	ctx.Stdout = out
	if err != nil {
		return err
	}
	end := s.say("cli.settings")
	if whole {
		end = s.say("cli.secrets", "Names", strings.Join(secrets, " "))
	}
	fmt.Fprintln(&b, "\n"+end)
	_, err = io.WriteString(out, s.headings(b.String()))
	return err
}

// headings puts the library's own words into the language.
func (s *speech) headings(page string) string {
	lines := strings.Split(page, "\n")
	for i, line := range lines {
		usage, isUsage := strings.CutPrefix(line, "Usage: ")
		switch {
		case isUsage:
			lines[i] = s.say("cli.help.usage") + usage
		case line == "Arguments:":
			lines[i] = s.say("cli.help.arguments")
		case line == "Flags:":
			lines[i] = s.say("cli.help.flags")
		case line == "Commands:":
			lines[i] = s.say("cli.help.commands")
		case strings.HasPrefix(line, `Run "`):
			lines[i] = s.say("cli.help.more")
		}
	}
	return strings.Join(lines, "\n")
}

// faults are what the library finds wrong with a command line, and how it is said. Never written to.
var faults = []struct {
	found *regexp.Regexp
	key   string
	names []string
}{
	{regexp.MustCompile(`^unknown flag (\S+?),?(?: did you mean.*)?$`), "flag", []string{"Name"}},
	{regexp.MustCompile(`^unexpected argument (\S+?),?(?: did you mean.*)?$`), "argument", []string{"Name"}},
	{regexp.MustCompile(`^(?:missing flags:|expected one of|missing positional arguments|expected) (["<-].*)$`), "missing", []string{"Name"}},
	{regexp.MustCompile(`^(-*[^=\s]+)(?:=\S*)? must be one of (\S+) but got "(.*)"$`), "one_of", []string{"Name", "All", "Value"}},
	{regexp.MustCompile(`^(-*[^=\s]+?)(?:=\S*)?: expected (?:an int|a valid .*|a float) but got "(.*?)".*$`), "number", []string{"Name", "Value"}},
	{regexp.MustCompile(`^(\S+?)(?:=\S*)?: expected duration but got "(.*?)".*$`), "duration", []string{"Name", "Value"}},
	{regexp.MustCompile(`^(\S+?)(?:=\S*)?: stat (.*): no such file or directory$`), "file", []string{"Name", "Value"}},
}

// misused says what is wrong with a command line.
func misused(err error) error {
	for _, f := range faults {
		if m := f.found.FindStringSubmatch(err.Error()); m != nil {
			var args []string
			for i, name := range f.names {
				args = append(args, name, m[i+1])
			}
			err = fault("cli.fault."+f.key, nil, args...)
			break
		}
	}
	return fault("cli.usage", err)
}
