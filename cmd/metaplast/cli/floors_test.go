package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The packages lie on floors, and each imports from lower floors alone: packages of one floor know
// nothing of each other. The table of floors is that of the README, and nowhere else.

// floorRow is a row of it: "| 3 | `graph/engine` … | what they hold |".
var floorRow = regexp.MustCompile("(?m)^\\| (\\d+) \\| ((?:`[^`]+`,? ?)+) \\|")

// floorsIn reads a table of floors, from the top down to 1, by package.
func floorsIn(text string) (map[string]int, error) {
	floors := map[string]int{}
	rows := floorRow.FindAllStringSubmatch(text, -1)
	for i, row := range rows {
		var floor int
		if err := json.Unmarshal([]byte(row[1]), &floor); err != nil || floor != len(rows)-i {
			return nil, errors.New("row " + row[1] + " of the floors: want them numbered from the top down to 1")
		}
		for _, name := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(row[2], -1) {
			if floors[name[1]] > 0 {
				return nil, errors.New(name[1] + " is on two floors")
			}
			floors[name[1]] = floor
		}
	}
	return floors, nil
}

// importsOf reads what go list -json prints: what each package of the project imports of it.
func importsOf(list string) (map[string][]string, error) {
	imports := map[string][]string{}
	for d := json.NewDecoder(strings.NewReader(list)); ; {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return imports, nil
		} else if err != nil {
			return nil, err
		}
		name := strings.TrimPrefix(p.ImportPath, "metaplast/")
		imports[name] = nil
		for _, i := range p.Imports {
			if below, ours := strings.CutPrefix(i, "metaplast/"); ours {
				imports[name] = append(imports[name], below)
			}
		}
	}
}

// floorFaults are the packages without a floor, those that are not there any more, and the imports that
// do not go down.
func floorFaults(floors map[string]int, imports map[string][]string) []string {
	var faults []string
	for name, list := range imports {
		if floors[name] == 0 {
			faults = append(faults, name+" is on no floor")
		}
		for _, i := range list {
			if floors[i] > 0 && floors[name] > 0 && floors[i] >= floors[name] {
				faults = append(faults, name+" imports "+i+", which is not on a floor below its own")
			}
		}
	}
	for name := range floors {
		if _, there := imports[name]; !there {
			faults = append(faults, name+" is on a floor, and no package")
		}
	}
	return faults
}

// TestFloors asks that the README's table of floors has every package, and that imports run down.
func TestFloors(t *testing.T) {
	floors, err := floorsIn(page(t, "README.md"))
	if err != nil {
		t.Fatalf("README.md: %v", err)
	}
	imports, err := importsOf(inFolder(t, root(t), "go", "list", "-json=ImportPath,Imports", "./..."))
	if err != nil {
		t.Fatal(err)
	}
	if len(imports) < 30 {
		t.Fatalf("%d packages: want at least 30", len(imports))
	}
	for _, f := range floorFaults(floors, imports) {
		t.Errorf("README.md, How it is built: %s", f)
	}
}

// TestCommandIsThin asks that what commands do lies in packages that others can call: the command line is
// flags and printing, and the program a call of it.
func TestCommandIsThin(t *testing.T) {
	for folder, most := range map[string]int{"cmd/metaplast": 300, "cmd/metaplast/cli": 2500} {
		files, err := filepath.Glob(filepath.Join(root(t), filepath.FromSlash(folder), "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v, %v", folder, files, err)
		}
		lines := 0
		for _, f := range files {
			if strings.HasSuffix(f, "_test.go") {
				continue
			}
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			lines += bytes.Count(text, []byte("\n"))
		}
		if lines == 0 || lines >= most {
			t.Errorf("%s has %d lines: want fewer than %d, and what is more in a package below", folder, lines, most)
		}
	}
}

// TestFloorsRefuse asks that each kind of fault is found.
func TestFloorsRefuse(t *testing.T) {
	floors, err := floorsIn("| 2 | `a`, `b` | x |\n| 1 | `c` | y |\n")
	if err != nil {
		t.Fatal(err)
	}
	for want, imports := range map[string]map[string][]string{
		"": {"a": {"c"}, "b": {"c"}, "c": nil},
		"a imports b, which is not on a floor below its own": {"a": {"b"}, "b": nil, "c": nil},
		"c imports a, which is not on a floor below its own": {"a": nil, "b": nil, "c": {"a"}},
		"d is on no floor":                {"a": nil, "b": nil, "c": nil, "d": nil},
		"b is on a floor, and no package": {"a": nil, "c": nil},
	} {
		if have := strings.Join(floorFaults(floors, imports), "; "); have != want {
			t.Errorf("%v: %q, want %q", imports, have, want)
		}
	}
	for _, table := range []string{"| 2 | `a` | x |\n| 2 | `c` | y |\n", "| 2 | `a` | x |\n| 1 | `a` | y |\n"} {
		if _, err := floorsIn(table); err == nil {
			t.Errorf("no fault in\n%s", table)
		}
	}
}
