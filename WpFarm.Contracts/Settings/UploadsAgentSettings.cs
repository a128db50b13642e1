namespace WpFarm.Contracts.Settings;

/// <summary>
/// All settings of the agent that backs up the uploads. <c>images/uploads-backup/uploads_backup/settings.py</c> reads them, and refuses
/// a key that it does not know as well as one that is missing.
/// </summary>
public sealed record UploadsAgentSettings
{
    /// <summary>The settings file in the agent's container.</summary>
    public const string Path = "/etc/farm/uploads-backup.json";

    /// <summary>Part of each order's proof, so that an order for this agent is of no use at another service.</summary>
    public required string Name { get; init; }

    /// <summary>As restic names it: <c>s3:http://HOST:PORT/BUCKET/FOLDER</c>.</summary>
    public required string Repository { get; init; }

    /// <summary>S3 access key.</summary>
    public required string AccessKey { get; init; }

    /// <summary>Part of every signature.</summary>
    public required string Region { get; init; }

    /// <summary>The name of the secret with the store's secret key.</summary>
    public required string StoreKey { get; init; }

    /// <summary>The rate of a snapshot on its way to the store, in KiB per second. 0: no limit.</summary>
    public required int UploadLimit { get; init; }
}
