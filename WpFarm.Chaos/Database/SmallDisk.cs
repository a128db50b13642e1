using WpFarm.Deployment.Compose;
using WpFarm.Deployment.Machine;
using WpFarm.Deployment.Reporting;

namespace WpFarm.Chaos.Database;

/// <summary>A small disk under a service's data: a file on this machine, by a loop device.</summary>
/// <param name="owner">Who the service is, as <c>uid:gid</c>.</param>
internal sealed class SmallDisk(ComposeContainers containers, int megabytes, string owner)
{
    /// <summary>Fast until so much is free (KB), and then at a pace at which a database grows.</summary>
    private const int Slow = 400 << 10;

    private string? _device;

    /// <summary>The service loses its data, and starts with the empty disk.</summary>
    public async Task PutUnderAsync(string service, CancellationToken cancel)
    {
        var file = Path.Combine(Path.GetTempPath(), $"wpfarm-disk-{Environment.ProcessId}");
        await Shell.RunAsync("truncate", ["--size", $"{megabytes}M", file], cancel: cancel);
        await Shell.RunAsync("mkfs.ext4", ["-q", "-F", "-m", "0", "-E", $"root_owner={owner}", file], cancel: cancel);
        _device = (await Shell.TryReadAsync("losetup", ["--find", "--show", file], cancel))?.Trim()
            ?? throw new OperationFailedException("losetup: this machine has no loop device.");
        // The device keeps it as long as it is used.
        File.Delete(file);
        await containers.LoseAsync(service, ["--opt", "type=ext4", "--opt", $"device={_device}"], cancel);
    }

    /// <summary>Under a database server.</summary>
    public Task FillAsync(string service, CancellationToken cancel) =>
        containers.ExecuteAsync(
            service,
            [
                "sh",
                "-c",
                $"free=$(df --output=avail /var/lib/mysql | tail -1); more=$((free - {Slow})); [ $more -gt 2048 ] || more=2048; head -c \"$more\"K /dev/zero >> /var/lib/mysql/fill || echo full",
            ],
            cancel
        );

    /// <summary>The service loses its data once more, and starts with a volume as before.</summary>
    public async Task TakeAwayAsync(string service, CancellationToken cancel)
    {
        if (_device is null)
            return;
        await containers.LoseAsync(service, cancel);
        await Shell.RunAsync("losetup", ["--detach", _device], cancel: cancel);
        _device = null;
    }
}
