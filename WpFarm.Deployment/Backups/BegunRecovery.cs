using System.Text.Json;
using WpFarm.Deployment.Machine;

namespace WpFarm.Deployment.Backups;

/// <summary>
/// <c>recovery.json</c>, there from the first change to the end: what the new farm has backed up meanwhile is not what is to be recovered, and
/// what it wrote after it was restored must not be put back again.
/// </summary>
/// <param name="Configuration">The id of the backup that it is in.</param>
/// <param name="To">With <paramref name="Gtid"/>, what the Orchestrator is to restore.</param>
/// <param name="Wanted">In words, what was asked for.</param>
/// <param name="Restored">The farm has it, and goes on from there.</param>
internal sealed record BegunRecovery(string Configuration, string? To, string? Gtid, string? Wanted, bool Restored)
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static BegunRecovery Of(RecoverableFarm found)
    {
        var order = RestoreOrder.Of(found.Plan);
        return new(found.Source.Id, order.To, order.Gtid, found.Wanted.ToString(), Restored: false);
    }

    public static BegunRecovery? Read(string path) =>
        File.Exists(path) ? JsonSerializer.Deserialize<BegunRecovery>(File.ReadAllText(path), s_json) : null;

    public void Write(string path) => AtomicFile.Write(path, JsonSerializer.Serialize(this, s_json));

    public RestoreOrder Order() =>
        new()
        {
            To = To,
            Gtid = Gtid,
            Uploads = true,
        };
}
