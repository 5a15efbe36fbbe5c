package sms

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"text/template"

	"go.yaml.in/yaml/v3"
)

// Kinds of gateways.
const (
	HTTP    = "http"    // any gateway that takes one HTTP request for a message
	Aliyun  = "aliyun"  // dysmsapi, SendSms of 2017-05-25, signature ACS3-HMAC-SHA256
	Tencent = "tencent" // sms, SendSms of 2021-01-11, signature TC3-HMAC-SHA256
)

// Gateway is the office's gateway of short messages. It holds secrets.
type Gateway struct {
	Kind string `yaml:"kind"`

	// Of HTTP: a request in which {{.Phone}}, {{.Number}} and {{.Text}} stand for the telephone, the
	// number of the case and the sentence; json, query and xml write one for where it stands.
	URL     string            `yaml:"url"`     // of Aliyun and Tencent: another address of the API
	Method  string            `yaml:"method"`  // POST
	Headers map[string]string `yaml:"headers"` // with secrets
	Body    string            `yaml:"body"`
	Success Success           `yaml:"success"`

	// Of Aliyun and Tencent.
	ID       string `yaml:"id"`       // AccessKeyId, SecretId
	Secret   string `yaml:"secret"`   // AccessKeySecret, SecretKey
	Sign     string `yaml:"sign"`     // 短信签名, as it was approved
	Template string `yaml:"template"` // TemplateCode, TemplateId of a text with one variable, the number of the case
	Variable string `yaml:"variable"` // of Aliyun: its name (number)
	App      string `yaml:"app"`      // of Tencent: SmsSdkAppId
	Region   string `yaml:"region"`   // of Tencent (ap-guangzhou)

	PerNumber int `yaml:"per_number"` // messages to one telephone in 24 hours (5)
	PerDay    int `yaml:"per_day"`    // messages in 24 hours, to all (2000)
}

// Success is how the answer of an HTTP gateway says that it has taken a message. What says
// something else with a status of success counts as refused and is not tried again, since it may
// have been sent.
type Success struct {
	Status   int      `yaml:"status"`   // of HTTP (200)
	Field    string   `yaml:"field"`    // of a JSON answer, by dots: Response.Code
	Value    string   `yaml:"value"`    // that it has then
	Contains string   `yaml:"contains"` // in place of Field: what the answer contains then
	Later    []string `yaml:"later"`    // values of Field that say: again in a while
	Wrong    []string `yaml:"wrong"`    // values of Field that say that the telephone gets none
}

// Parse reads a gateway from YAML. Its errors hold no value of it.
func Parse(text string) (g Gateway, err error) {
	d := yaml.NewDecoder(strings.NewReader(text))
	d.KnownFields(true)
	if err := d.Decode(&g); err != nil {
		return g, errors.New("not of the shape that docs/doors.md shows")
	}
	g.defaults()
	return g, g.check()
}

func (g *Gateway) defaults() {
	for _, d := range []struct {
		to       *string
		standard string
	}{
		{&g.Method, http.MethodPost}, {&g.Variable, "number"}, {&g.Region, "ap-guangzhou"},
	} {
		if *d.to == "" {
			*d.to = d.standard
		}
	}
	if g.URL == "" {
		g.URL = map[string]string{Aliyun: "https://dysmsapi.aliyuncs.com/", Tencent: "https://sms.tencentcloudapi.com/"}[g.Kind]
	}
	if g.Success.Status == 0 {
		g.Success.Status = http.StatusOK
	}
	if g.PerNumber == 0 {
		g.PerNumber = 5
	}
	if g.PerDay == 0 {
		g.PerDay = 2000
	}
}

func (g *Gateway) check() error {
	needed := map[string]map[string]string{
		HTTP:    {"url": g.URL, "success.field or success.contains": g.Success.Field + g.Success.Contains},
		Aliyun:  {"id": g.ID, "secret": g.Secret, "sign": g.Sign, "template": g.Template},
		Tencent: {"id": g.ID, "secret": g.Secret, "sign": g.Sign, "template": g.Template, "app": g.App},
	}[g.Kind]
	if needed == nil {
		return errors.New("kind is none of http, aliyun, tencent")
	}
	for name, value := range needed {
		if value == "" {
			return fmt.Errorf("%s is missing", name)
		}
	}
	if u, err := url.Parse(g.URL); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return errors.New("url is no address")
	}
	if g.PerNumber < 0 || g.PerDay < 0 {
		return errors.New("per_number and per_day are 1 or more")
	}
	for _, text := range []string{g.URL, g.Body} {
		if _, err := parse(text); err != nil {
			return errors.New("url or body is no template: " + err.Error())
		}
	}
	return nil
}

// message is what a template may say.
type message struct{ Phone, Number, Text string }

func parse(text string) (*template.Template, error) {
	return template.New("sms").Option("missingkey=error").Funcs(template.FuncMap{
		"query": url.QueryEscape,
		"json": func(s string) (string, error) {
			b, err := json.Marshal(s)
			return string(b), err
		},
		"xml": template.HTMLEscapeString,
	}).Parse(text)
}

func fill(text string, m message) (string, error) {
	t, err := parse(text)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	err = t.Execute(&out, m)
	return out.String(), err
}
