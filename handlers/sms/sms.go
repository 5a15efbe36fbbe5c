// Package sms is the door of short messages (短信): people who agreed are told there that a case moved,
// with its number and no word more. Nobody can answer. A message goes through the office's gateway:
// any that takes an HTTP request, Aliyun's or Tencent's.
package sms

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"dengwen/bot"
	"dengwen/bot/turn"
)

// Prefix stands before the name of a telephone in the address of its conversation.
const Prefix = "sms"

// Config is what the door works with.
type Config struct {
	Gateway Gateway

	// Phone is the telephone of a conversation, "" = there is none any more, or its owner does not
	// want messages; wait is how long they are not to be disturbed, but for what is urgent.
	Phone func(ctx context.Context, conv string, urgent bool) (phone string, wait time.Duration, err error)

	// Refused notes that a telephone gets no messages.
	Refused func(ctx context.Context, conv string) error

	// Count counts a message against a limit of so many in 24 hours under a name and answers how long
	// the limit stays full, 0 = counted; Uncount takes it back.
	Count   func(ctx context.Context, id, name string, limit int) (time.Duration, error)
	Uncount func(ctx context.Context, id string) error

	Now func() time.Time
}

// Door sends short messages. It is safe for concurrent use.
type Door struct {
	Config
	client *http.Client
}

var _ turn.Sender = (*Door)(nil)

// New makes the door. It does not touch the network.
func New(c Config) *Door {
	return &Door{c, &http.Client{
		Timeout:       15 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Shows is what this door declares of itself.
func Shows() bot.Door { return bot.Door{OneWay: true, Brief: true} }

// Send says one message. A telephone that has had as many as it may in 24 hours gets no further one:
// they all say the same, that a case moved.
func (d *Door) Send(ctx context.Context, conv, key string, say bot.Say) error {
	phone, wait, err := d.Phone(ctx, conv, say.Urgent)
	if err != nil {
		return fmt.Errorf("find the telephone of a conversation: %w", err)
	}
	if wait > 0 {
		return &turn.SendError{After: wait, Err: errors.New("quiet hours")}
	}
	if phone == "" {
		return &turn.SendError{Gone: true, Err: errors.New("nobody wants messages there any more")}
	}
	id := conv + "/" + key + "/" + strconv.FormatInt(d.Now().UnixNano(), 36)
	full, err := d.Count(ctx, id, "sms:"+phone, d.Gateway.PerNumber)
	if err != nil || full > 0 {
		return err
	}
	if full, err = d.Count(ctx, id+"/all", "sms", d.Gateway.PerDay); err != nil || full > 0 {
		err = errors.Join(err, d.Uncount(ctx, id))
		return &turn.SendError{After: full, Err: errors.Join(errors.New("as many messages as a day has are sent"), err)}
	}
	sent, err := d.call(ctx, message{phone, say.About, say.Text}, key)
	var s *turn.SendError
	if errors.As(err, &s) && s.Gone {
		err = errors.Join(err, d.Refused(ctx, conv))
	}
	if err != nil && !sent {
		err = errors.Join(err, d.Uncount(ctx, id), d.Uncount(ctx, id+"/all"))
	}
	return err
}

// call hands a message to the gateway. sent reports that it may have gone out, though an error came
// back.
func (d *Door) call(ctx context.Context, m message, key string) (sent bool, err error) {
	req, err := d.request(ctx, m, key)
	if err != nil {
		return false, &turn.SendError{Drop: true, Err: err}
	}
	res, err := d.client.Do(req)
	if err != nil {
		var u *url.Error
		if errors.As(err, &u) { // the address may hold a secret
			err = u.Err
		}
		return errors.Is(err, context.DeadlineExceeded), &turn.SendError{Err: fmt.Errorf("gateway of short messages not reached: %w", err)}
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, mostAnswer))
	if err != nil {
		return true, &turn.SendError{Err: errors.New("the gateway's answer broke off")}
	}
	v := d.verdict(res.StatusCode, body)
	return v == taken || v == refused && res.StatusCode < 300, v.err(res)
}

// mostAnswer is how much of a gateway's answer is read, in bytes.
const mostAnswer = 64 << 10

func (d *Door) request(ctx context.Context, m message, key string) (*http.Request, error) {
	g := d.Gateway
	switch g.Kind {
	case Aliyun:
		param, err := json.Marshal(map[string]string{g.Variable: m.Number})
		if err != nil {
			return nil, err
		}
		query := url.Values{"PhoneNumbers": {m.Phone}, "SignName": {g.Sign}, "TemplateCode": {g.Template}, "TemplateParam": {string(param)}, "OutId": {sha256hex([]byte(key))[:32]}}
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, g.URL+"?"+query.Encode(), nil)
		if err == nil {
			signAliyun(req, nil, g.ID, g.Secret, "SendSms", "2017-05-25", newNonce(), d.Now())
		}
		return req, err
	case Tencent:
		body, err := json.Marshal(map[string]any{
			"PhoneNumberSet": []string{"+86" + m.Phone}, "SmsSdkAppId": g.App, "SignName": g.Sign, "TemplateId": g.Template,
			"TemplateParamSet": []string{m.Number}, "SessionContext": sha256hex([]byte(key))[:32],
		})
		if err != nil {
			return nil, err
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, g.URL, bytes.NewReader(body))
		if err == nil {
			for name, value := range map[string]string{"Content-Type": "application/json; charset=utf-8", "X-TC-Action": "SendSms", "X-TC-Version": "2021-01-11", "X-TC-Region": g.Region} {
				req.Header.Set(name, value)
			}
			signTencent(req, body, g.ID, g.Secret, service(req.URL), d.Now())
		}
		return req, err
	}
	address, err := fill(g.URL, m)
	if err != nil {
		return nil, errors.New("the gateway's url can't be filled in")
	}
	body, err := fill(g.Body, m)
	if err != nil {
		return nil, errors.New("the gateway's body can't be filled in")
	}
	req, err := http.NewRequestWithContext(ctx, g.Method, address, strings.NewReader(body))
	if err != nil {
		return nil, errors.New("the gateway's url is no address")
	}
	for name, value := range g.Headers {
		req.Header.Set(name, value)
	}
	return req, nil
}

// verdict is what an answer means.
type verdict int

const (
	taken   verdict = iota
	later           // again in a while
	wrong           // the telephone gets none
	refused         // this message is not taken, and would not be another time
)

// slowly is how long a gateway that says later is left alone.
const slowly = 10 * time.Minute

func (v verdict) err(res *http.Response) error {
	switch v {
	case taken:
		return nil
	case later:
		return &turn.SendError{After: slowly, Err: fmt.Errorf("gateway of short messages answers %d: later", res.StatusCode)}
	case wrong:
		return &turn.SendError{Gone: true, Err: errors.New("the telephone gets no short messages")}
	}
	return &turn.SendError{Drop: true, Err: fmt.Errorf("gateway of short messages answers %d: refused", res.StatusCode)}
}

func (d *Door) verdict(status int, body []byte) verdict {
	if status == http.StatusTooManyRequests || status >= 500 {
		return later
	}
	var answer any
	_ = json.Unmarshal(body, &answer) // one that is no JSON has no fields
	switch s := d.Gateway.Success; d.Gateway.Kind {
	case Aliyun: // https://help.aliyun.com/zh/sms: errors come with Code too
		code := field(answer, "Code")
		return judge(code == "OK", code, aliyunLater, aliyunWrong)
	case Tencent: // one status a telephone, or one error for all
		code := field(answer, "Response.SendStatusSet.0.Code") + field(answer, "Response.Error.Code")
		return judge(code == "Ok", code, tencentLater, tencentWrong)
	default:
		code := field(answer, s.Field)
		ok := status == s.Status && (s.Field != "" && code == s.Value || s.Field == "" && bytes.Contains(body, []byte(s.Contains)))
		return judge(ok, code, s.Later, s.Wrong)
	}
}

// Codes of the two platforms; what ends with a dot is the beginning of many.
var (
	aliyunLater  = []string{"isv.BUSINESS_LIMIT_CONTROL", "isv.AMOUNT_NOT_ENOUGH", "isv.OUT_OF_SERVICE", "isp.", "Throttling", "Throttling."}
	aliyunWrong  = []string{"isv.MOBILE_NUMBER_ILLEGAL", "isv.BLACK_KEY_CONTROL_LIMIT"}
	tencentLater = []string{"LimitExceeded", "LimitExceeded.", "RequestLimitExceeded", "InternalError", "InternalError.", "FailedOperation.InsufficientBalanceInSmsPackage"}
	tencentWrong = []string{"InvalidParameterValue.IncorrectPhoneNumber", "FailedOperation.PhoneNumberInBlacklist", "UnsupportedOperation.ContainDomesticAndInternationalPhoneNumber"}
)

func judge(ok bool, code string, laters, wrongs []string) verdict {
	is := func(known string) bool {
		return code != "" && (code == known || strings.HasSuffix(known, ".") && strings.HasPrefix(code, known))
	}
	switch {
	case ok:
		return taken
	case slices.ContainsFunc(laters, is):
		return later
	case slices.ContainsFunc(wrongs, is):
		return wrong
	}
	return refused
}

// field is a value of a JSON document by its path of names and places, "" where there is none.
func field(v any, path string) string {
	for part := range strings.SplitSeq(path, ".") {
		switch at := v.(type) {
		case map[string]any:
			v = at[part]
		case []any:
			i, err := strconv.Atoi(part)
			if err != nil || i < 0 || i >= len(at) {
				return ""
			}
			v = at[i]
		default:
			return ""
		}
	}
	switch v := v.(type) {
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return ""
}
