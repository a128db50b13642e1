using System.Text.Json;
using WpFarm.Deployment.Machine;

namespace WpFarm.Deployment.Backups;

/// <summary>
/// The state of an unfinished recovery, in <c>recovery.json</c> from its first change to its end. A repeated run needs it: backups that the
/// new farm has made meanwhile are not the ones to recover, and data that the farm wrote after its restoration must not be overwritten.
/// </summary>
/// <param name="Configuration">Id of the backup that holds the configuration.</param>
/// <param name="To">The moment up to which the Orchestrator restores.</param>
/// <param name="Gtid">The last transaction before that moment, where it is known.</param>
/// <param name="Wanted">The target that the operator asked for, in words.</param>
/// <param name="Restored">True once the data has been restored.</param>
internal sealed record RecoveryState(string Configuration, string? To, string? Gtid, string? Wanted, bool Restored)
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static RecoveryState Of(RecoverableFarm found)
    {
        var order = RestoreOrder.Of(found.Plan);
        return new(found.Source.Id, order.To, order.Gtid, found.Wanted.ToString(), Restored: false);
    }

    public static RecoveryState? Read(string path) =>
        File.Exists(path) ? JsonSerializer.Deserialize<RecoveryState>(File.ReadAllText(path), s_json) : null;

    public void Write(string path) => AtomicFile.Write(path, JsonSerializer.Serialize(this, s_json));

    public RestoreOrder Order() =>
        new()
        {
            To = To,
            Gtid = Gtid,
            Uploads = true,
        };
}
