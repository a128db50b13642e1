using WpFarm.Deployment.Compose;
using WpFarm.Deployment.Machine;
using WpFarm.Deployment.Reporting;

namespace WpFarm.Chaos.Database;

/// <summary>A small disk under a service's data: a file on this machine, attached as a loop device.</summary>
/// <param name="owner">User and group of the service, as <c>uid:gid</c>.</param>
internal sealed class SmallDisk(ComposeContainers containers, int megabytes, string owner)
{
    /// <summary>Free space in KB down to which the disk is filled at once; below it, at the pace at which a database grows.</summary>
    private const int Slow = 400 << 10;

    private string? _device;

    /// <summary>Replaces the service's volume with the empty small disk and starts the service. Its data is lost.</summary>
    public async Task AttachAsync(string service, CancellationToken cancel)
    {
        var file = Path.Combine(Path.GetTempPath(), $"wpfarm-disk-{Environment.ProcessId}");
        await Shell.RunAsync("truncate", ["--size", $"{megabytes}M", file], cancel: cancel);
        await Shell.RunAsync("mkfs.ext4", ["-q", "-F", "-m", "0", "-E", $"root_owner={owner}", file], cancel: cancel);
        _device = (await Shell.TryReadAsync("losetup", ["--find", "--show", file], cancel))?.Trim()
            ?? throw new OperationFailedException("losetup: this machine has no free loop device. Load the kernel module: modprobe loop");
        // The kernel keeps the deleted file as long as the device uses it.
        File.Delete(file);
        await containers.LoseAsync(service, ["--opt", "type=ext4", "--opt", $"device={_device}"], cancel);
    }

    /// <summary>Fills the disk under a database server a step further.</summary>
    public Task FillAsync(string service, CancellationToken cancel) =>
        containers.ExecuteAsync(
            service,
            [
                "sh",
                "-c",
                $"free=$(df --output=avail /var/lib/mysql | tail -1); more=$((free - {Slow})); [ $more -gt 2048 ] || more=2048; "
                    + "head -c \"$more\"K /dev/zero >> /var/lib/mysql/fill || echo full",
            ],
            cancel
        );

    /// <summary>Replaces the small disk with an ordinary volume again and starts the service. Its data is lost.</summary>
    public async Task DetachAsync(string service, CancellationToken cancel)
    {
        if (_device is null)
            return;
        await containers.LoseAsync(service, cancel);
        await Shell.RunAsync("losetup", ["--detach", _device], cancel: cancel);
        _device = null;
    }
}
