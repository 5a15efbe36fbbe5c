package deploy

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"dengwen/internal/config"
	"dengwen/internal/test/faults"

	"go.yaml.in/yaml/v3"
)

// compose is what of the Compose Specification the file may use; a key that is not
// here is a fault, so that a slip of the pen is found.
type compose struct {
	Services map[string]service `yaml:"services"`
	Volumes  map[string]*struct{}
	Secrets  map[string]struct {
		File string `yaml:"file"`
	} `yaml:"secrets"`
}

type service struct {
	Build     string `yaml:"build"`
	Image     string `yaml:"image"`
	Restart   string `yaml:"restart"`
	DependsOn map[string]struct {
		Condition string `yaml:"condition"`
	} `yaml:"depends_on"`
	Ports       []string          `yaml:"ports"`
	Environment map[string]string `yaml:"environment"`
	Secrets     []string          `yaml:"secrets"`
	Volumes     []string          `yaml:"volumes"`
	Command     []string          `yaml:"command"`
	Health      *struct {
		Test     []string      `yaml:"test"`
		Interval time.Duration `yaml:"interval"`
	} `yaml:"healthcheck"`
	StopGrace time.Duration `yaml:"stop_grace_period"`
	ReadOnly  bool          `yaml:"read_only"`
	CapDrop   []string      `yaml:"cap_drop"`
	Security  []string      `yaml:"security_opt"`
}

func readCompose(t *testing.T) compose {
	t.Helper()
	d := yaml.NewDecoder(strings.NewReader(text(t, "compose.yaml")))
	d.KnownFields(true)
	var c compose
	if err := d.Decode(&c); err != nil {
		t.Fatalf("compose.yaml: %v", err)
	}
	return c
}

func TestComposeHoldsTogether(t *testing.T) {
	t.Parallel()
	c := readCompose(t)
	for _, name := range []string{"dengwen", "redis", "postgres"} {
		if _, ok := c.Services[name]; !ok {
			t.Fatalf("there is no service %s", name)
		}
	}
	for name, s := range c.Services {
		if (s.Build == "") == (s.Image == "") {
			t.Errorf("%s: needs an image or a folder to build, one of them", name)
		}
		if s.Restart != "unless-stopped" {
			t.Errorf("%s does not come back after a restart of the machine", name)
		}
		for other, on := range s.DependsOn {
			if o, ok := c.Services[other]; !ok || on.Condition == "service_healthy" && o.Health == nil {
				t.Errorf("%s waits for the health of %s, which has no check", name, other)
			}
		}
		for _, v := range s.Volumes {
			volume, at, _ := strings.Cut(v, ":")
			if _, ok := c.Volumes[volume]; !ok || !strings.HasPrefix(at, "/") {
				t.Errorf("%s: volume %s is not declared", name, v)
			}
		}
		for _, secret := range s.Secrets {
			if c.Secrets[secret].File == "" {
				t.Errorf("%s: secret %s has no file", name, secret)
			}
		}
		checkSecretFiles(t, name, s)
		if len(s.Volumes) == 0 {
			t.Errorf("%s keeps its data in no volume", name)
		}
	}
}

// checkSecretFiles: what is read below /run/secrets was handed to the service.
func checkSecretFiles(t *testing.T, name string, s service) {
	t.Helper()
	for variable, value := range s.Environment {
		if secret, ok := strings.CutPrefix(value, "/run/secrets/"); ok && !slices.Contains(s.Secrets, secret) {
			t.Errorf("%s: %s reads the secret %s, which it is not given", name, variable, secret)
		}
	}
}

func TestComposeFollowsTheSettings(t *testing.T) {
	t.Parallel()
	known, bot := settings(), readCompose(t).Services["dengwen"]
	for name := range bot.Environment {
		if !known[name] {
			t.Errorf("the program has no setting %s", name)
		}
	}
	for _, name := range []string{"TELEGRAM_BOT_TOKEN_FILE", "DENGWEN_KEY_FILE", "REDIS_URL", "DATABASE_URL"} {
		if bot.Environment[name] == "" {
			t.Errorf("%s is not set", name)
		}
	}
	s := config.Settings{
		Addr: "0.0.0.0:8080", TelegramAPI: "https://api.telegram.org",
		RedisURL: bot.Environment["REDIS_URL"], DatabaseURL: bot.Environment["DATABASE_URL"],
	}
	if err := s.Validate(); err != nil {
		t.Error(err)
	}
	if standard := 20 * time.Second; bot.StopGrace <= standard {
		t.Errorf("it is killed after %v, before it gives up on turns in hand itself (%v)", bot.StopGrace, standard)
	}
	if !bot.ReadOnly || !slices.Equal(bot.CapDrop, []string{"ALL"}) {
		t.Error("the program may write to its image or has capabilities")
	}
	for _, p := range bot.Ports {
		if !strings.HasPrefix(p, "127.0.0.1:") {
			t.Errorf("port %s is open to the network; a proxy with TLS belongs before it", p)
		}
	}
}

// What Redis must be told, the program's own check looks for.
func TestComposeKeepsConversations(t *testing.T) {
	t.Parallel()
	line := strings.Join(readCompose(t).Services["redis"].Command, " ")
	for _, want := range []string{"--appendonly yes", "--appendfsync always", "--maxmemory-policy noeviction"} {
		if !strings.Contains(line, want) {
			t.Errorf("redis is started without %s", want)
		}
	}
}

// Where Docker's own reader is installed, it has the last word.
func TestComposeByItsOwnReader(t *testing.T) {
	t.Parallel()
	docker := composeReader()
	if docker == nil {
		t.Skip("no docker compose on this machine; the other tests read the file")
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "compose.yaml"), []byte(text(t, "compose.yaml")), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(docker[0], append(docker[1:], "config", "--quiet")...)
	cmd.Dir, cmd.Env = dir, faults.Environment()
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("docker compose config: %v\n%s", err, out)
	}
}

func composeReader() []string {
	for _, c := range [][]string{{"docker", "compose"}, {"docker-compose"}} {
		if exec.Command(c[0], append(c[1:], "version")...).Run() == nil {
			return c
		}
	}
	return nil
}
