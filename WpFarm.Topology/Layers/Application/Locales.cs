namespace WpFarm.Topology.Layers.Application;

/// <summary>
/// The locales of the WordPress image: <c>en_US</c>, which is WordPress's own, and those of Debian's package wordpress-l10n.
/// </summary>
internal static class Locales
{
    public const string Default = "en_US";

    public static IReadOnlyList<string> All { get; } =
        Embedded.Text("Application/locales.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
