namespace WpFarm.Contracts.Settings;

/// <summary>
/// All settings of the agent that backs up the uploads. <c>images/uploads-backup/uploads_backup/settings.py</c> reads them, and rejects
/// an unknown key and a missing one.
/// </summary>
public sealed record UploadsAgentSettings
{
    /// <summary>The settings file in the agent's container.</summary>
    public const string Path = "/etc/farm/uploads-backup.json";

    /// <summary>The agent's name. Part of each order's proof, so that every other service refuses an order for this agent.</summary>
    public required string Name { get; init; }

    /// <summary>The repository in restic's notation: <c>s3:http://HOST:PORT/BUCKET/FOLDER</c>.</summary>
    public required string Repository { get; init; }

    /// <summary>S3 access key.</summary>
    public required string AccessKey { get; init; }

    /// <summary>S3 region; part of every signature.</summary>
    public required string Region { get; init; }

    /// <summary>Name of the secret that holds the store's secret key.</summary>
    public required string StoreKey { get; init; }

    /// <summary>Limit of the upload rate of a snapshot, in KiB per second. 0: no limit.</summary>
    public required int UploadLimit { get; init; }
}
