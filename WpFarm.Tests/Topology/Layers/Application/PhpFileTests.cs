using WpFarm.Topology.Layers.Application;

namespace WpFarm.Tests.Topology.Layers.Application;

public sealed class PhpFileTests
{
    [Fact]
    public void Each_kind_of_value_is_written_as_PHP() =>
        Assert.Equal(
            """
            <?php

            declare(strict_types=1);

            return [
                'host_names' => ['a', 'b'],
                'empty' => [],
                'page_ttl' => 600,
                'is_on' => 1,
                'is_off' => 0,
                'sites' => [
                    'its own Key' => [
                        'title' => 'It\'s \\ here & ü',
                    ],
                ],
            ];

            """,
            PhpFile.Write(
                new
                {
                    HostNames = new[] { "a", "b" },
                    Empty = Array.Empty<string>(),
                    PageTtl = 600,
                    IsOn = true,
                    IsOff = false,
                    Sites = new Dictionary<string, object> { ["its own Key"] = new { Title = @"It's \ here & ü" } },
                }
            )
        );
}
