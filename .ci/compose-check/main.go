// Checks docker-compose.yml the way Compose itself reads it, and what the project promises of it. Ends with 1 and every finding.
// Usage: compose-check <repository>
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
)

// The processes of the system; each is started from <folder>/main.ts.
var processes = map[string]string{
	"orders": "services/orders", "inventory": "services/inventory", "payments": "services/payments",
	"shipping": "services/shipping", "notifications": "services/notifications",
	"card-provider": "services/card-provider", "workers": "workers", "api": "api",
}

var pinnedImage = regexp.MustCompile(`:[0-9][0-9A-Za-z.-]*$`)
var configVariable = regexp.MustCompile(`(?m)^ +([A-Z][A-Z_]+): `)

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
	config, err := os.ReadFile(filepath.Join(root, "platform/config.ts"))
	if err != nil {
		return nil, err
	}
	var known []string
	for _, match := range configVariable.FindAllStringSubmatch(string(config), -1) {
		known = append(known, match[1])
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
	for name, folder := range processes {
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
		if _, err := os.Stat(filepath.Join(root, folder, "main.ts")); err != nil {
			complain(name, "%v", err)
		}
		if command := strings.Join(service.Command, " "); !strings.HasSuffix(command, " dist/"+folder+"/main.js") {
			complain(name, "runs %q", command)
		}
		for variable := range service.Environment {
			if !slices.Contains(known, variable) && variable != "TEMPORAL_NAMESPACE" {
				complain(name, "sets %s, which no process reads", variable)
			}
		}
	}
	slices.Sort(findings)
	return findings, nil
}
