package worst

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"metaplast/cmd/metaplast/cli"
	"metaplast/metaopt/analysis"
	"metaplast/metaopt/measure"
)

// TestMain is also the program: the command line, with the measure.
func TestMain(m *testing.M) {
	if os.Getenv("WORST_PROGRAM") == "1" {
		os.Exit(cli.Main(os.Args, cli.Measure(Worst)))
	}
	os.Exit(m.Run())
}

func TestWorst(t *testing.T) {
	a := &analysis.Analysis{Tasks: 2, Retention: measure.Table{{9, 9}, {1, 3}}}
	if have := Worst.Of(a); have != 3 {
		t.Errorf("%v, want 3", have)
	}
}

// TestReport: reports and exports of a run have the measure.
func TestReport(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, command := range []string{"train sine-quick --set meta.steps=1 --set eval.episodes=3 --out run", "report run", "export run"} {
		c := exec.Command(os.Args[0], strings.Fields(command)...)
		c.Env = append(os.Environ(), "WORST_PROGRAM=1")
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", command, err, out)
		}
	}
	for file, want := range map[string]string{
		"run/report/report.html": "The task known worst ends with a loss of ",
		"run/report/report.json": `"worst": `,
	} {
		if text, err := os.ReadFile(file); err != nil || !strings.Contains(string(text), want) {
			t.Errorf("%s: %v: no %q", file, err, want)
		}
	}
}
