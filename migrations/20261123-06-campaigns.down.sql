drop table campaign_areas, campaign_lists, campaigns;
