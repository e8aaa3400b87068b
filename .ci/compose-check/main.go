// Checks docker-compose.yml the way Compose itself reads it, and what the project promises of it. Ends with 1 and every finding.
// Usage: compose-check <repository>
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
)

// What follows from amends.config.ts; .ci/system.mjs prints it.
type system struct {
	Processes map[string]struct {
		Entry string `json:"entry"`
		Built string `json:"built"`
	} `json:"processes"`
	Databases []string `json:"databases"`
	Variables []string `json:"variables"`
}

func readSystem(root string) (system, error) {
	var read system
	command := exec.Command("node", "--import", "tsx", ".ci/system.mjs")
	command.Dir = root
	command.Stderr = os.Stderr
	printed, err := command.Output()
	if err != nil {
		return read, fmt.Errorf("amends.config.ts cannot be read: %w", err)
	}
	return read, json.Unmarshal(printed, &read)
}

var pinnedImage = regexp.MustCompile(`:[0-9][0-9A-Za-z.-]*$`)

func main() {
	root := "."
	if len(os.Args) > 1 {
		root = os.Args[1]
	}
	findings, err := check(root)
	if err != nil {
		findings = append(findings, err.Error())
	}
	for _, finding := range findings {
		fmt.Fprintln(os.Stderr, finding)
	}
	if len(findings) > 0 {
		os.Exit(1)
	}
	fmt.Println("docker-compose.yml is sound")
}

func check(root string) ([]string, error) {
	options, err := cli.NewProjectOptions([]string{filepath.Join(root, "docker-compose.yml")}, cli.WithWorkingDirectory(root))
	if err != nil {
		return nil, err
	}
	project, err := options.LoadProject(context.Background())
	if err != nil {
		return nil, err
	}
	amends, err := readSystem(root)
	if err != nil {
		return nil, err
	}

	var findings []string
	complain := func(service, format string, args ...any) {
		findings = append(findings, service+": "+fmt.Sprintf(format, args...))
	}
	for name, service := range project.Services {
		if !pinnedImage.MatchString(service.Image) {
			complain(name, "image %q has no pinned version", service.Image)
		}
		for _, port := range service.Ports {
			if port.HostIP != "127.0.0.1" {
				complain(name, "port %s is published beyond this machine", port.Published)
			}
		}
		for needed, dependency := range service.DependsOn {
			other := project.Services[needed]
			switch dependency.Condition {
			case types.ServiceConditionHealthy:
				if other.HealthCheck == nil {
					complain(name, "waits for the health of %s, which has no health check", needed)
				}
			case types.ServiceConditionCompletedSuccessfully:
				if other.Restart != "" && other.Restart != "no" {
					complain(name, "waits for the end of %s, which is started again", needed)
				}
			default:
				complain(name, "does not wait until %s is ready (%s)", needed, dependency.Condition)
			}
		}
	}
	for name, process := range amends.Processes {
		service, found := project.Services[name]
		if !found {
			complain(name, "is missing")
			continue
		}
		if service.HealthCheck == nil {
			complain(name, "has no health check")
		}
		if service.Build == nil {
			complain(name, "is not built from this repository")
		}
		if _, err := os.Stat(filepath.Join(root, process.Entry)); err != nil {
			complain(name, "%v", err)
		}
		if command := strings.Join(service.Command, " "); !strings.HasSuffix(command, " "+process.Built) {
			complain(name, "runs %q, not %s", command, process.Built)
		}
		for variable := range service.Environment {
			if !slices.Contains(amends.Variables, variable) && variable != "TEMPORAL_NAMESPACE" {
				complain(name, "sets %s, which no process reads", variable)
			}
		}
	}
	made := strings.Join(project.Services["databases"].Command, " ")
	for _, name := range amends.Databases {
		if !strings.Contains(made, name) {
			complain("databases", "makes none for %s", name)
		}
	}
	slices.Sort(findings)
	return findings, nil
}
