using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Docker.DotNet;
using WpFarm.Deployment.Reporting;

namespace WpFarm.Deployment.Machine;

/// <summary>The Docker engine of this machine. Installs it where that is possible, and starts it where no init system does.</summary>
public sealed class Engine(IFarmProgress progress)
{
    /// <summary>API version of engine 20.10, the oldest that WpFarm was run on.</summary>
    public static readonly Version OldestApi = new(1, 41);

    private const string PidFile = "/run/wpfarm-dockerd.pid";
    private const string LogFile = "/var/log/wpfarm-dockerd.log";
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(60);

    /// <summary>Connects to the engine that the environment names (<c>DOCKER_HOST</c>), or else to this machine's.</summary>
    /// <exception cref="InvalidInputException"><c>DOCKER_HOST</c> is not a valid address.</exception>
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

    /// <summary>Connects to this machine's engine, whatever the environment names.</summary>
    private static DockerClient ConnectLocally() =>
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

    /// <summary>True when an engine is installed on this machine, running or not.</summary>
    public static bool IsInstalled => DebianPackages.IsOnPath("dockerd");

    /// <summary>Ensures that an engine answers and that compose and buildx are installed.</summary>
    /// <exception cref="InvalidInputException">The engine is missing and cannot be installed from here, or it is too old.</exception>
    public Task<DockerClient> EnsureAsync(CancellationToken cancel) =>
        EnsureAsync(Connect(), Environment.GetEnvironmentVariable("DOCKER_HOST"), cancel);

    /// <summary>Ensures that this machine's engine answers, for building, even when the environment names another.</summary>
    /// <exception cref="InvalidInputException">The engine is missing and cannot be installed from here, or it is too old.</exception>
    public Task<DockerClient> EnsureLocalAsync(CancellationToken cancel) => EnsureAsync(ConnectLocally(), elsewhere: null, cancel);

    /// <param name="elsewhere">Address of an engine that this program must not start; null for this machine's.</param>
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

    /// <summary>
    /// Stops the engine if <see cref="EnsureAsync(CancellationToken)"/> started it. Leaves an engine alone that the machine's init system
    /// started.
    /// </summary>
    /// <returns>True when the engine was stopped.</returns>
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
                "docker engine: does not answer. Start it (sudo systemctl start docker) or give this user access to it, then try again."
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
                $"The Docker engine did not answer within {s_startLimit.TotalSeconds:0} s of its start. See {LogFile}."
            );
        }
    }
}
