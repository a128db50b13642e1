namespace WpFarm.Contracts.Api;

/// <summary>
/// What is restored, and to which moment. One of <paramref name="To"/>, <paramref name="Gtid"/> and <paramref name="From"/>, or none: the
/// latest moment. To and Gtid together: a transaction that is known to be the last one by that moment.
/// </summary>
/// <param name="To">Everything up to this moment, in ISO 8601.</param>
/// <param name="Gtid">Everything up to and including this transaction.</param>
/// <param name="From">The id of a backup: what it holds.</param>
/// <param name="Site">Null: the whole farm.</param>
/// <param name="Into">Of a site: a database beside its own. Of the whole farm: another farm beside it. Null: restores in place.</param>
/// <param name="Uploads">Of the whole farm: the uploads too.</param>
public sealed record RestoreOrder(
    string? To = null,
    string? Gtid = null,
    string? From = null,
    string? Site = null,
    string? Into = null,
    bool Uploads = false
);
