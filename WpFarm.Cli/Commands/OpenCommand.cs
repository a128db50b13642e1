using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using Spectre.Console;
using WpFarm.Deployment.Reporting;
using WpFarm.Deployment.Swarm;
using WpFarm.Display;
using WpFarm.Topology;

namespace WpFarm.Cli.Commands;

/// <summary>
/// <c>./farm open</c>: brings a page of the management zone into the browser. On one machine its port is on the loopback address; a swarm
/// publishes none, and there a tunnel leads to it for as long as the command runs.
/// </summary>
internal static class OpenCommand
{
    private static readonly Argument<string> s_service = new("service")
    {
        Description = "prometheus, grafana, portainer or orchestrator: what the farm runs of these.",
    };
    private static readonly Option<int?> s_port = new("--port")
    {
        Description = "On a swarm: the port of this machine that leads there. 0: any that is free. Default: as in farm.json.",
    };
    private static readonly Option<bool> s_noBrowser = new("--no-browser") { Description = "Print the address only." };

    public static Command Create()
    {
        var command = FarmCommand.Create(
            "open",
            "Open a page of the management zone, which no visitor can reach: Prometheus, Grafana, Portainer.",
            RunAsync,
            s_port,
            s_noBrowser,
            SharedOptions.Name,
            SharedOptions.File
        );
        command.Arguments.Add(s_service);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var (farm, _) = await parsed.Runbook(new NoProgress()).StatusAsync(parsed.FarmFile(), cancel);
        var (service, published) = PageOf(farm, parsed.GetRequiredValue(s_service));
        var target = new ServiceEndpoint(service.Name, published.Container, published.Scheme!);
        var port = parsed.GetValue(s_port) ?? published.Host;
        using var tunnel = await LocalPort.OpenAsync(parsed.Instance(), target, port, cancel);
        if (tunnel is null)
        {
            if (parsed.GetValue(s_port) is not null)
                throw new InvalidInputException($"--port: is for a swarm. On one machine, farm.json says that it is {published.Host}.");
            Show(parsed, $"{published.Scheme}://localhost:{published.Host}/");
            return ExitCode.Ok;
        }

        Show(parsed, $"{published.Scheme}://localhost:{tunnel.Port}/");
        Terminal.Out.WriteLine("The tunnel is open until Ctrl-C.");
        await tunnel.ServeAsync(Terminal.Error.WriteLine, cancel);
        return ExitCode.Ok;
    }

    /// <exception cref="InvalidInputException">The farm has no such page.</exception>
    private static (Service Service, PublishedPort Port) PageOf(Farm farm, string name)
    {
        var pages =
            from service in farm.Services
            from port in service.Ports
            where port is { LoopbackOnly: true, Scheme: not null }
            select (service, port);
        var known = pages.ToList();
        return known.Exists(page => page.service.Name == name)
            ? known.Find(page => page.service.Name == name)
            : throw new InvalidInputException(
                farm.Omitted.FirstOrDefault(omitted => omitted.Service.Name == name) is { } left
                    ? $"{name}: is left out of this farm: {left.Reason}."
                    : $"{name}: has no page. Pages: {string.Join(", ", known.Select(page => page.service.Name))}."
            );
    }

    private static void Show(ParseResult parsed, string address)
    {
        Terminal.Out.WriteLine(address);
        // Over SSH and on a server there is no browser.
        var hasScreen = !OperatingSystem.IsLinux() || Environment.GetEnvironmentVariable("DISPLAY") is { Length: > 0 };
        if (parsed.GetValue(s_noBrowser) || !hasScreen)
            return;
        try
        {
            using var browser = Process.Start(new ProcessStartInfo(address) { UseShellExecute = true });
        }
        catch (Win32Exception exception)
        {
            Terminal.Error.WriteLine($"No browser could be started: {exception.Message}");
        }
    }
}
