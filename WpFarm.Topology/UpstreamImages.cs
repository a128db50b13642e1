namespace WpFarm.Topology;

/// <summary>Every image that is pulled instead of built, at a pinned version. This is the only place to change a version.</summary>
/// <remarks>
/// To move a pin: look up the version lines at its source, read the release notes for keys that our configuration uses, change the tag, and
/// write down when the line's support ends and the day of the look. <c>./farm audit</c> reads both.
/// </remarks>
public static class UpstreamImages
{
    /// <summary>The day on which the sources below were last read.</summary>
    private static readonly DateOnly s_looked = new(2026, 11, 30);

    /// <summary>Only the newest minor version is supported: https://doc.traefik.io/traefik/deprecation/releases/.</summary>
    public static readonly Image.Upstream Traefik = new("traefik", "v3.7.13");

    /// <summary>
    /// https://endoflife.date/grafana. From 12.4 on, grafana/grafana-oss is not updated, and grafana/grafana is the same image.
    /// </summary>
    public static readonly Image.Upstream Grafana = new("grafana/grafana", "12.4.9");

    /// <summary>https://endoflife.date/grafana-loki: a line is supported until the second one after it.</summary>
    public static readonly Image.Upstream Loki = new("grafana/loki", "3.7.6");

    /// <summary>
    /// https://github.com/grafana/tempo/releases: 2.9 got its last fixes on 13 August 2026, beside 2.10 and 3.0. Tempo 3 has another
    /// configuration. No date is announced.
    /// </summary>
    public static readonly Image.Upstream Tempo = new("grafana/tempo", "2.9.5");

    /// <summary>Upstream fixes its newest version only: https://github.com/open-telemetry/opentelemetry-collector/releases.</summary>
    public static readonly Image.Upstream OpenTelemetryCollector = new("otel/opentelemetry-collector-contrib", "0.159.0");

    /// <summary>
    /// Upstream fixes its newest version only: https://github.com/google/cadvisor/releases. Versions before 0.54 see no container of a
    /// Docker 29 that stores images in containerd: https://github.com/google/cadvisor/pull/3709.
    /// </summary>
    public static readonly Image.Upstream CAdvisor = new("ghcr.io/google/cadvisor", "v0.60.5");

    /// <summary>
    /// A version with long-term support: https://docs.portainer.io/start/lifecycle. Versions before 2.33.5 cannot connect to Docker 29:
    /// https://github.com/portainer/portainer/issues/12934.
    /// </summary>
    public static readonly Image.Upstream Portainer = new("portainer/portainer-ce", "2.45.0");

    /// <summary>
    /// The last image that MinIO published. Of the release of 15 October 2025, which mends an escalation of privileges, there is the source
    /// only (https://github.com/minio/minio/issues/21647), and on 13 February 2026 the project was archived.
    /// </summary>
    public static readonly Image.Upstream MinIO = new("quay.io/minio/minio", "RELEASE.2025-09-07T16-13-09Z");

    /// <summary>https://github.com/sysown/proxysql/releases: 3.0 is maintained; no date is announced.</summary>
    public static readonly Image.Upstream ProxySQL = new("proxysql/proxysql", "3.0.3");

    public static IReadOnlyList<Pin> Pins { get; } =
    [
        new(Traefik, SupportEnds: null, s_looked),
        new(Grafana, new DateOnly(2027, 5, 24), s_looked),
        new(Loki, SupportEnds: null, s_looked),
        new(Tempo, SupportEnds: null, s_looked),
        new(OpenTelemetryCollector, SupportEnds: null, s_looked),
        new(CAdvisor, SupportEnds: null, s_looked),
        new(Portainer, SupportEnds: null, s_looked),
        new(MinIO, new DateOnly(2025, 10, 15), s_looked)
        {
            Instead =
                "Nobody maintains MinIO's images. Set storage.objectStorage to swift, or to none with backups.store: "
                + "another kind cannot read the old backups, so keep them until their time is over",
        },
        new(ProxySQL, SupportEnds: null, s_looked),
    ];

    public static IReadOnlyList<Image.Upstream> All { get; } = [.. Pins.Select(pin => pin.Image)];
}

/// <summary>A pinned version, and how long its upstream mends it.</summary>
/// <param name="SupportEnds">The first day without fixes for this version line. Null: upstream has announced none.</param>
/// <param name="Looked">The day on which somebody looked whether upstream still mends the line.</param>
public sealed record Pin(Image.Upstream Image, DateOnly? SupportEnds, DateOnly Looked)
{
    /// <summary>What an operator does when the support has ended. Null: takes a newer WpFarm.</summary>
    public string? Instead { get; init; }
}
