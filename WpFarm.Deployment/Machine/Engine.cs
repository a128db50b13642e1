using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Docker.DotNet;
using WpFarm.Deployment.Reporting;

namespace WpFarm.Deployment.Machine;

/// <summary>The Docker engine of this machine: found, installed where we may, started where nothing else does.</summary>
public sealed class Engine(IFarmProgress progress)
{
    /// <summary>20.10 is the oldest engine this was run on; its API is 1.41.</summary>
    public static readonly Version OldestApi = new(1, 41);

    private const string PidFile = "/run/wpfarm-dockerd.pid";
    private const string LogFile = "/var/log/wpfarm-dockerd.log";
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(60);

    /// <summary>The engine that the environment names (<c>DOCKER_HOST</c>); without it, this machine's.</summary>
    /// <exception cref="InvalidInputException">What it names is no address.</exception>
    public static DockerClient Connect()
    {
        try
        {
            return new DockerClientBuilder().WithTimeout(TimeSpan.FromSeconds(100)).Build();
        }
        catch (DockerConfigurationException e)
        {
            throw new InvalidInputException(
                $"DOCKER_HOST: {e.Message} Example: tcp://10.0.0.1:2376. Unset it to use this machine's engine."
            );
        }
    }

    /// <summary>This machine's, whatever the environment names.</summary>
    private static DockerClient ConnectHere() =>
        new DockerClientBuilder().WithEndpoint(new Uri("unix:///var/run/docker.sock")).WithTimeout(TimeSpan.FromSeconds(100)).Build();

    /// <returns>Null when no engine answers.</returns>
    public static async Task<Docker.DotNet.Models.VersionResponse?> VersionOfAsync(DockerClient engine, CancellationToken cancel)
    {
        try
        {
            return await engine.System.GetVersionAsync(cancel);
        }
        catch (Exception e)
            when (e
                    is HttpRequestException
                        or TimeoutException
                        or DockerApiException
                        or IOException
                        or SocketException
                        or AggregateException { InnerException: SocketException }
            )
        {
            return null;
        }
    }

    /// <summary>On this machine; it need not run.</summary>
    public static bool IsInstalled => DebianPackages.IsOnPath("dockerd");

    /// <summary>Makes an engine answer, with compose and buildx.</summary>
    /// <exception cref="InvalidInputException">There is none and we may not install it, or it is too old.</exception>
    public Task<DockerClient> EnsureAsync(CancellationToken cancel) =>
        EnsureAsync(Connect(), Environment.GetEnvironmentVariable("DOCKER_HOST"), cancel);

    /// <summary>Makes this machine's engine answer, for building, while the environment may name another.</summary>
    /// <exception cref="InvalidInputException">There is none and we may not install it, or it is too old.</exception>
    public Task<DockerClient> EnsureHereAsync(CancellationToken cancel) => EnsureAsync(ConnectHere(), elsewhere: null, cancel);

    /// <param name="elsewhere">The address of one that is not ours to start; null for this machine's.</param>
    internal async Task<DockerClient> EnsureAsync(DockerClient engine, string? elsewhere, CancellationToken cancel)
    {
        if (await VersionOfAsync(engine, cancel) is null)
        {
            if (elsewhere is not null)
                throw new InvalidInputException(
                    $"docker engine: {elsewhere} (DOCKER_HOST) does not answer. Start it, or unset DOCKER_HOST to use this machine's."
                );
            await DebianPackages.EnsureAsync("dockerd", "docker.io iptables", progress, cancel);
            await StartAsync(engine, cancel);
        }

        var version = await VersionOfAsync(engine, cancel);
        if (version is not null && Version.TryParse(version.APIVersion, out var api) && api < OldestApi)
            throw new InvalidInputException(
                $"docker engine {version.Version}: is too old (API {api}). WpFarm needs 20.10 (API {OldestApi}) or newer."
            );
        await new DockerPlugins(progress).EnsureAsync(cancel);
        progress.Report("docker engine", version?.Version ?? "ready");
        return engine;
    }

    /// <summary>Stops the engine if <see cref="EnsureAsync(CancellationToken)"/> started it by hand; one that the machine's own init started is left alone.</summary>
    /// <returns>Whether it was stopped.</returns>
    public static async Task<bool> StopIfOursAsync(CancellationToken cancel)
    {
        if (!File.Exists(PidFile))
            return false;
        var pid = int.Parse(await File.ReadAllTextAsync(PidFile, cancel), CultureInfo.InvariantCulture);
        File.Delete(PidFile);
        if (Process.GetProcesses().FirstOrDefault(p => p.Id == pid && p.ProcessName == "dockerd") is not { } daemon)
            return false;
        await Shell.RunAsync("kill", ["-TERM", pid.ToString(CultureInfo.InvariantCulture)], cancel: cancel);
        await daemon.WaitForExitAsync(cancel);
        return true;
    }

    private async Task StartAsync(DockerClient engine, CancellationToken cancel)
    {
        progress.Report("docker engine", "starting");
        if (Directory.Exists("/run/systemd/system"))
            await Shell.RunAsync("systemctl", ["start", "docker"], cancel: cancel);
        else if (Environment.IsPrivilegedProcess)
            await Shell.RunAsync("/bin/sh", ["-c", $"setsid dockerd --pidfile {PidFile} >>{LogFile} 2>&1 </dev/null &"], cancel: cancel);
        else
            throw new InvalidInputException(
                "docker engine: does not answer. Start it, or let this user reach it, then run again: sudo systemctl start docker"
            );

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(s_startLimit);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
        try
        {
            while (await VersionOfAsync(engine, limit.Token) is null)
                await tick.WaitForNextTickAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new OperationFailedException(
                $"The Docker engine did not answer within {s_startLimit.TotalSeconds:0} s of its start; {LogFile} says why."
            );
        }
    }
}
