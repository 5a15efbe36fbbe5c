package replicas

import (
	"regexp"
	"testing"

	"dengwen/handlers/api"
	"dengwen/internal/seal"
	"dengwen/internal/test/fakeapi"
	"dengwen/internal/test/faults"
	"dengwen/internal/test/servers"
)

var inTicket = regexp.MustCompile(`[A-Z]{2}\d\d-\d{4,}-[0-9A-Z]{2}`)

// The cases in one process, Telegram in another that reaches them over the case API with
// a key and a data folder of its own: citizens and officers talk as ever.
func TestOfficersOnACaseAPIElsewhere(t *testing.T) {
	t.Parallel()
	tg, err := fakeapi.Start(fakeapi.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(tg.Close)
	at := faults.Places{Database: servers.Postgres(t)}
	if at.Key, err = seal.NewKey(); err != nil {
		t.Fatal(err)
	}
	key, line, err := api.NewKey("bot", []api.Scope{api.Citizens, api.Staff, api.Sealed, api.Desk}, "")
	if err != nil {
		t.Fatal(err)
	}
	caseServer := faults.NewProgram(t, "DENGWEN_KEY="+at.Key, "DATABASE_URL="+at.Database, "DENGWEN_API_KEYS="+line)
	front := faults.NewProgram(t, "CASE_API_URL="+caseServer.URL, "CASE_API_KEY="+key)
	front.Set(faults.Telegram(tg, "")...)
	for _, p := range []*faults.Program{caseServer, front} {
		if err := p.Start(); err != nil {
			t.Fatal(err)
		}
	}
	head, citizen := &dialogue{t, tg.Citizen(9200)}, &dialogue{t, tg.Citizen(9201)}
	head.say("/start join_"+token(t, at), "加入好了")
	citizen.say("下梁镇三组的路一下雨就塌，拖拉机过不去，请派人来修路", "我读到的是")
	number := inTicket.FindString(citizen.press("^提交$", "登记好了").Text)
	head.wait(number)
	head.press("^我来办$", "您在办")
	head.say("/case "+number, "您在办")
	head.press("^更多$", "现在能办的")
	head.press("^给群众留言$", "第 1 项")
	head.say("明天上午到现场看", "第 2 项")
	head.press("^不填$", "请再看一遍")
	if _, err := head.c.Press("^确定$"); err != nil {
		t.Fatal(err)
	}
	citizen.wait("明天上午到现场看")
	citizen.say("/notices", "现在没有开")
	citizen.press("^我要接收$", "以后有服务通知会发到这里")
	head.say("/broadcast", "现在有 1 人同意")
	head.say(words, "1 人会收到")
	head.press("^发出$", "正在发|发完了")
	citizen.wait(words)
	for _, p := range []*faults.Program{front, caseServer} {
		if err := p.Stop(); err != nil {
			t.Error(err)
		}
	}
}
